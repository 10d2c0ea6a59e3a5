-- What is read of a clip: the same fields as ClipFacts has in rotomatte_hosts/resolve/facts.py. Nothing is decided here.
local facts = {}

facts.SCHEMA = 1
facts.METADATA = "Rotomatte"

-- What our reader asks a project and a timeline for.
facts.PROJECT_SETTINGS = {
  "colorScienceMode", "rcmPresetMode", "isAutoColorManage", "separateColorSpaceAndGamma", "colorSpaceInput",
  "colorSpaceInputGamma", "colorSpaceTimeline", "colorSpaceTimelineGamma", "colorSpaceOutput", "colorSpaceOutputGamma",
  "colorAcesIDT", "colorAcesODT", "colorAcesNodeLUTProcessingSpace", "timelineFrameRate", "timelineResolutionWidth",
  "timelineResolutionHeight", "timelinePixelAspectRatio", "videoDataLevels",
}
facts.TIMELINE_SETTINGS = {
  "timelineFrameRate", "timelineResolutionWidth", "timelineResolutionHeight", "timelinePixelAspectRatio",
}

-- A method's answer; nil where this Resolve does not have it, or it fails.
local function ask(object, name, ...)
  local method = object and object[name]
  if not method then
    return nil
  end
  local done, answer = pcall(method, object, ...)
  if done then
    return answer
  end
  return nil
end
facts.ask = ask

local function number(value)
  return tonumber(value)
end

function facts.count_tracks(timeline)
  return number(ask(timeline, "GetTrackCount", "video")) or 0
end

-- The items of a video track; what was never placed has no id, and is none.
function facts.items_in(timeline, track)
  local found = {}
  for _, item in pairs(ask(timeline, "GetItemListInTrack", "video", track) or {}) do
    if ask(item, "GetUniqueId") then
      found[#found + 1] = item
    end
  end
  return found
end

-- A timeline item by its id, with the number of its track; nil where it is not there.
function facts.find_item(timeline, id)
  for track = 1, facts.count_tracks(timeline) do
    for _, item in ipairs(facts.items_in(timeline, track)) do
      if ask(item, "GetUniqueId") == id then
        return item, track
      end
    end
  end
  return nil
end

-- What says of media that it is a matte of ours, and whose; nil on anything else.
function facts.mark_of(media)
  local kept = ask(media, "GetThirdPartyMetadata", facts.METADATA)
  if type(kept) == "string" and kept ~= "" then
    return kept
  end
  for _, marker in pairs(ask(media, "GetMarkers") or {}) do
    if marker.name == facts.METADATA then
      return marker.customData
    end
  end
  return nil
end

-- The clip under the playhead; where that is a matte of ours, the clip below it.
function facts.current_item(json, timeline)
  local item = ask(timeline, "GetCurrentVideoItem")
  local mark = item and facts.mark_of(ask(item, "GetMediaPoolItem"))
  if mark then
    return (facts.find_item(timeline, json.field(mark, "clip")))
  end
  return item
end

local function settings(object, names)
  local found = {}
  for _, name in ipairs(names) do
    local value = ask(object, "GetSetting", name)
    if value ~= nil then
      found[name] = tostring(value)
    end
  end
  return found
end

local function texts(raw)
  local found = {}
  for name, value in pairs(type(raw) == "table" and raw or {}) do
    found[tostring(name)] = tostring(value)
  end
  return found
end

local function properties(raw)
  local found = {}
  for name, value in pairs(type(raw) == "table" and raw or {}) do
    local kind = type(value)
    if kind == "string" or kind == "number" or kind == "boolean" then
      found[tostring(name)] = value
    end
  end
  return found
end

local function markers(json, object)
  local raw = ask(object, "GetMarkers")
  local found = json.list()
  for frame, marker in pairs(type(raw) == "table" and raw or {}) do
    found[#found + 1] = {
      frame = number(frame),
      color = marker.color or "",
      name = marker.name or "",
      note = marker.note or "",
      duration = number(marker.duration) or 1,
      custom_data = marker.customData or "",
    }
  end
  table.sort(found, function(one, other)
    return one.frame < other.frame
  end)
  return found
end

local NO_INPUTS = { Image = true, Mask = true, DataType3D = true }

local function point(json, value)
  return json.list({ number(value[1]), number(value[2]) })
end

-- A tool's inputs at the comp's time, and all keys of those that are animated.
local function tool_facts(json, tool, attrs)
  local made = {
    name = attrs.TOOLS_Name,
    kind = attrs.TOOLS_RegID,
    numbers = {},
    texts = {},
    points = {},
    keys = {},
  }
  for _, input in pairs(ask(tool, "GetInputList") or {}) do
    local about = ask(input, "GetAttrs") or {}
    local id = about.INPS_ID
    local value = id and not NO_INPUTS[about.INPS_DataType] and ask(tool, "GetInput", id) or nil
    if type(value) == "number" then
      made.numbers[id] = value
    elseif type(value) == "string" then
      made.texts[id] = value
    elseif type(value) == "table" and number(value[1]) and number(value[2]) then
      made.points[id] = point(json, value)
    end
    if value ~= nil and about.INPB_Connected then
      local times = {}
      for _, time in pairs(ask(input, "GetKeyFrames") or {}) do
        times[#times + 1] = number(time)
      end
      table.sort(times)
      local keys = json.list()
      for index, time in ipairs(times) do
        local at = ask(tool, "GetInput", id, time)
        if type(at) == "number" then
          keys[index] = { time = time, values = json.list({ at }) }
        elseif type(at) == "table" then
          keys[index] = { time = time, values = point(json, at) }
        end
      end
      if #keys > 0 then
        made.keys[id] = keys
      end
    end
  end
  return made
end

local function matters(attrs)
  local name, kind = attrs.TOOLS_Name or "", attrs.TOOLS_RegID or ""
  return name:sub(1, 5) == "roto_" or (kind == "GroupOperator" and name:sub(1, 15) == "RotomattePrompt")
end

local function comp_facts(json, item, index, comp)
  local names = ask(item, "GetFusionCompNameList") or {}
  local attrs = ask(comp, "GetAttrs") or {}
  local made = {
    index = index,
    name = names[index] or "",
    global_start = number(attrs.COMPN_GlobalStart),
    global_end = number(attrs.COMPN_GlobalEnd),
    render_start = number(attrs.COMPN_RenderStart),
    render_end = number(attrs.COMPN_RenderEnd),
    current_time = number(attrs.COMPN_CurrentTime),
    width_px = json.null,
    height_px = json.null,
    tools = json.list(),
  }
  local found = {}
  for at, tool in pairs(ask(comp, "GetToolList", false) or {}) do
    found[#found + 1] = { at = at, tool = tool, attrs = ask(tool, "GetAttrs") or {} }
  end
  table.sort(found, function(one, other)
    return one.at < other.at
  end)
  for _, each in ipairs(found) do
    if each.attrs.TOOLS_RegID == "MediaIn" and made.width_px == json.null then
      made.width_px = number(each.attrs.TOOLI_ImageWidth) or json.null
      made.height_px = number(each.attrs.TOOLI_ImageHeight) or json.null
    elseif matters(each.attrs) then
      made.tools[#made.tools + 1] = tool_facts(json, each.tool, each.attrs)
    end
  end
  return made
end

local function media_facts(item)
  local media = ask(item, "GetMediaPoolItem")
  if not media then
    return nil
  end
  return { id = ask(media, "GetUniqueId") or "", properties = texts(ask(media, "GetClipProperty")) }
end

-- All that a job needs of a timeline item.
function facts.read(json, resolve, timeline, item)
  local project = resolve:GetProjectManager():GetCurrentProject()
  local comps = json.list()
  for index = 1, number(ask(item, "GetFusionCompCount")) or 0 do
    local comp = ask(item, "GetFusionCompByIndex", index)
    if comp then
      comps[#comps + 1] = comp_facts(json, item, index, comp)
    end
  end
  local id = ask(item, "GetUniqueId") or ""
  local _, track = facts.find_item(timeline, id)
  local playhead = nil
  if ask(resolve, "GetCurrentPage") ~= "fusion" then
    playhead = ask(timeline, "GetCurrentTimecode")
  end
  return {
    schema = facts.SCHEMA,
    product = { name = ask(resolve, "GetProductName") or "", version = ask(resolve, "GetVersionString") or "" },
    project = { name = ask(project, "GetName") or "", settings = settings(project, facts.PROJECT_SETTINGS) },
    timeline = {
      id = ask(timeline, "GetUniqueId") or "",
      name = ask(timeline, "GetName") or "",
      start_frame = number(ask(timeline, "GetStartFrame")),
      end_frame = number(ask(timeline, "GetEndFrame")),
      start_timecode = ask(timeline, "GetStartTimecode") or "",
      settings = settings(timeline, facts.TIMELINE_SETTINGS),
      playhead = playhead or json.null,
    },
    item = {
      id = id,
      name = ask(item, "GetName") or "",
      track = track or 0,
      start = number(ask(item, "GetStart")),
      ["end"] = number(ask(item, "GetEnd")),
      duration = number(ask(item, "GetDuration")),
      left_offset = number(ask(item, "GetLeftOffset")) or json.null,
      source_start = number(ask(item, "GetSourceStartFrame")) or json.null,
      source_end = number(ask(item, "GetSourceEndFrame")) or json.null,
      source_start_s = number(ask(item, "GetSourceStartTime")) or json.null,
      source_end_s = number(ask(item, "GetSourceEndTime")) or json.null,
      properties = properties(ask(item, "GetProperty")),
      media = media_facts(item) or json.null,
      color = ask(item, "GetClipColor") or "",
      markers = markers(json, item),
      comps = comps,
    },
    timeline_markers = markers(json, timeline),
  }
end

return facts
