-- Workspace > Scripts > Rotomatte Panel: the clip under the playhead in the panel. Run again, it brings in the mattes and
-- prompts that were added there; in between it says how things stand.
local home = rotomatte_home()
if not home then
  print("Rotomatte is not whole on this machine: run `rotomatte install resolve` again.")
  return
end
-- What Resolve gives a script may be in the script's own environment.
setfenv(assert(loadfile(home .. "/work.lua")), getfenv())(home, "panel")
