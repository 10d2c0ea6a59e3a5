-- What the scripts of the menu have in common: they find the clip under the playhead, have something begun for it by the
-- engine, say how that stands, and bring in what it has written. Loaded with Rotomatte's folder and which of the two it is.
local home, which = ...
local json, shell, facts = dofile(home .. "/json.lua"), dofile(home .. "/shell.lua"), dofile(home .. "/facts.lua")
local place = loadfile(home .. "/place.lua")(facts)
local ask = facts.ask

-- How long a job may be silent before it counts as gone.
local SILENT_S = 120

local resolve = resolve or app:GetResolve()

local function say(...)
  print("Rotomatte: " .. table.concat({ ... }, " "))
end

-- Puts the macro right behind MediaIn, before all that the artist has made of the image; false where Resolve does not.
local function add_macro(item)
  local comp = ask(item, "GetFusionCompByIndex", 1) or ask(item, "AddFusionComp")
  local source = comp and ask(comp, "FindToolByID", "MediaIn")
  local readers = source and ask(ask(source, "FindMainOutput", 1), "GetConnectedInputs") or {}
  if source then
    ask(comp, "Paste", bmd.readfile(home .. "/RotomattePrompt.setting"))
  end
  local macro = comp and ask(comp, "FindTool", "RotomattePrompt")
  if not macro then
    say("Resolve does not add the prompt macro: drag RotomattePrompt from the Effects of the Fusion page behind MediaIn.")
    return false
  end
  ask(macro, "ConnectInput", "MainInput1", source)
  for _, input in pairs(readers) do
    ask(input, "ConnectTo", ask(macro, "FindMainOutput", 1))
  end
  return true
end

local function has_prompts(read)
  for _, comp in ipairs(read.item.comps) do
    if #comp.tools > 0 then
      return true
    end
  end
  for _, marker in ipairs(read.timeline_markers) do
    if marker.name:sub(1, 5) == "roto:" then
      return true
    end
  end
  return false
end

local function has_macro(read)
  for _, comp in ipairs(read.item.comps) do
    for _, tool in ipairs(comp.tools) do
      if tool.kind == "GroupOperator" then
        return true
      end
    end
  end
  return false
end

-- What each script has begun: `ready` says whether it can be, and does or says what is missing.
local SCRIPTS = {
  mattes = {
    ending = "",
    words = { "resolve", "job" },
    begun = function(name)
      return "The mattes of " .. name .. " are begun. Run this script again to see how far they are, and to get them."
    end,
    ready = function(item, read)
      if has_prompts(read) then
        return read
      end
      if add_macro(item) then
        say(
          "The clip has no prompts yet. On the Fusion page select RotomattePrompt, put its cross on what is to be cut out",
          "and press Include; Preview shows what comes of it. Then run this script again."
        )
      end
      return nil
    end,
    -- A server may do it.
    takes_drop = true,
  },
  panel = {
    ending = "_panel",
    words = { "resolve", "panel" },
    begun = function(name)
      return "The panel opens for " .. name .. ". Press Add to DaVinci Resolve in it, then run this script again to get the mattes."
    end,
    -- The macro keeps the prompts.
    ready = function(item, read, again)
      if has_macro(read) then
        return read
      end
      return add_macro(item) and again() or nil
    end,
  },
}
local script = SCRIPTS[which]

local function start(python, read, base)
  if not shell.write(base .. ".json", json.write(read)) then
    say(base .. ".json cannot be written: check the folder's permissions.")
    return
  end
  os.remove(base .. ".status.lua")
  local words = shell.python_words(python, "rotomatte", script.words[1], script.words[2], base .. ".json")
  local watch = script.takes_drop
    and (os.getenv("ROTOMATTE_WATCH") or json.field(shell.read(shell.settings_folder() .. "/host.json") or "", "watch_folder"))
  if watch and watch ~= "" then
    words[#words + 1] = "--drop"
    words[#words + 1] = watch
  end
  shell.write(base .. ".status.lua", "return { state = \"running\", time = " .. os.time() .. ", sentence = \"Starting.\" }\n")
  shell.start(words, base .. ".log")
  say(script.begun(read.item.name))
end

-- What is to be brought in, under a name of our own: the engine may write the next while this is under way.
local function next_placing(base)
  local written, taken = base .. ".placing.lua", base .. ".taken.lua"
  if shell.read(written) then
    os.remove(taken)
    os.rename(written, taken)
  end
  return shell.read_table(taken), taken
end

local function main()
  local project = ask(ask(resolve, "GetProjectManager"), "GetCurrentProject")
  local timeline = project and ask(project, "GetCurrentTimeline")
  local item = timeline and facts.current_item(json, timeline)
  if not item then
    say("No clip is under the playhead: put it on one.")
    return
  end
  local python = shell.engine_python(home, json)
  if not python then
    say("No engine is named on this machine: run `rotomatte install resolve`.")
    return
  end
  local base = shell.work_folder() .. (ask(item, "GetUniqueId") or ""):gsub("[^%w%-]", "_") .. script.ending
  local placing, taken = next_placing(base)
  local status = shell.read_table(base .. ".status.lua")
  if placing then
    local done, notes = place.run(resolve, placing)
    if done then
      os.remove(taken)
      os.remove(base .. ".status.lua")
      table.insert(notes, 1, "The mattes are in the timeline.")
    end
    say(unpack(notes))
  elseif status and status.state == "running" and os.time() - status.time < SILENT_S then
    say(status.sentence)
  elseif status and status.state == "failed" then
    os.remove(base .. ".status.lua")
    say(status.sentence, "Run this script again to try once more.")
  else
    local function look()
      return facts.read(json, resolve, timeline, item)
    end
    local read = script.ready(item, look(), look)
    if read then
      start(python, read, base)
    end
  end
end

main()
