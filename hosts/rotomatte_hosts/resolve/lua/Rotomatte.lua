-- Workspace > Scripts > Rotomatte: the clip under the playhead. The first time it gets the prompt macro, then its mattes
-- are begun, and once they are finished they come into the timeline; in between it says how far they are.
local home = rotomatte_home()
if not home then
  print("Rotomatte is not whole on this machine: run `rotomatte install resolve` again.")
  return
end
-- What Resolve gives a script may be in the script's own environment.
setfenv(assert(loadfile(home .. "/work.lua")), getfenv())(home, "mattes")
