-- The macro's Preview button: what the model makes of this frame's prompts, over the image on this frame alone.
local LOADER = "RotomattePreview"

return function(home, resolve, tool, comp)
  local json, shell, facts = dofile(home .. "/json.lua"), dofile(home .. "/shell.lua"), dofile(home .. "/facts.lua")

  local function say(sentence)
    tool:SetInput("Status", sentence)
  end

  local python = shell.engine_python(home, json)
  if not python then
    return say("No engine is named on this machine: run `rotomatte install resolve`.")
  end
  local timeline = resolve:GetProjectManager():GetCurrentProject():GetCurrentTimeline()
  local item = timeline and facts.current_item(json, timeline)
  if not item then
    return say("No clip is under the playhead.")
  end
  local read = facts.read(json, resolve, timeline, item)
  local folder = shell.work_folder()
  local request, answer, log = folder .. "preview.json", folder .. "preview.lua", folder .. "preview.log"
  local object = math.floor(tool:GetInput("ObjectID") + 0.5)
  os.remove(answer)
  local document = json.write({
    facts = read,
    comp = comp:GetAttrs().COMPS_Name or "",
    time = comp.CurrentTime,
    object = object,
    answer = answer,
  })
  if not shell.write(request, document) then
    return say("The folder " .. folder .. " cannot be written to.")
  end
  shell.wait_for(shell.python_words(python, "rotomatte_hosts.resolve.preview", request), log)
  local made = shell.read_table(answer)
  if not made then
    return say("The engine gave no preview; see " .. log .. ".")
  end
  if made.path then
    local loader = comp:FindTool(LOADER)
    if not loader then
      loader = comp:AddTool("Loader", -32768, -32768)
      loader:SetAttrs({ TOOLS_Name = LOADER })
    end
    -- Values are written unlocked, or they would be stored and never rendered.
    loader:SetInput("Clip", made.path)
    -- First the end that it is moved towards, so that it is never turned inside out.
    for _, name in ipairs(comp.CurrentTime < 0 and { "GlobalIn", "GlobalOut" } or { "GlobalOut", "GlobalIn" }) do
      loader:SetInput(name, comp.CurrentTime)
    end
    loader:SetInput("ClipTimeStart", 0)
    loader:SetInput("ClipTimeEnd", 0)
    loader:SetInput("HoldFirstFrame", 0)
    loader:SetInput("HoldLastFrame", 0)
    tool:ConnectInput("EffectMask", loader)
    tool:SetInput("PreviewTime", comp.CurrentTime)
  end
  say(made.sentence)
end
