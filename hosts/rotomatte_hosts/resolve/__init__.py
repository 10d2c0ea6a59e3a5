"""DaVinci Resolve: by its scripting interface from outside, and by a Lua menu script from inside."""
