-- Carries out a placing.lua of the engine's: imports what it names, and reads back that it is there.
-- What Resolve says of its own success counts for nothing.
-- Loaded with what facts.lua gives.
local facts = ...
local place = {}

local ask, mark_of, items_in, METADATA = facts.ask, facts.mark_of, facts.items_in, facts.METADATA

local function near(one, other)
  local a, b = tonumber(one), tonumber(other)
  if a and b then
    return math.abs(a - b) < 1e-3
  end
  return one == other
end

local function fail(sentence)
  error({ sentence = sentence }, 0)
end

local function find_timeline(project, id)
  local current = ask(project, "GetCurrentTimeline")
  if ask(current, "GetUniqueId") == id then
    return current
  end
  fail("Open the timeline of this clip, then run Rotomatte again.")
end

local function open_bin(pool, names)
  local folder = ask(pool, "GetRootFolder")
  for _, name in ipairs(names) do
    local found = nil
    for _, other in pairs(ask(folder, "GetSubFolderList") or {}) do
      if ask(other, "GetName") == name then
        found = other
      end
    end
    folder = found or ask(pool, "AddSubFolder", folder, name)
    if not folder then
      fail("Resolve makes no bin " .. name .. ": see whether the project is read-only.")
    end
  end
  ask(pool, "SetCurrentFolder", folder)
  return folder
end

local function set_mark(media, matte)
  ask(media, "SetThirdPartyMetadata", METADATA, matte.mark)
  if mark_of(media) ~= matte.mark then
    ask(media, "AddMarker", 0, "Cream", METADATA, "Matte of " .. matte.object, 1, matte.mark)
  end
end

local function import(pool, matte)
  local made = ask(pool, "ImportMedia", {
    { FilePath = matte.pattern, StartIndex = matte.first, EndIndex = matte.last },
  })
  local media = type(made) == "table" and made[1]
  if not media then
    fail("Resolve did not import " .. matte.pattern .. ".")
  end
  local first, last = ask(media, "GetClipProperty", "Start"), ask(media, "GetClipProperty", "End")
  if tonumber(first) ~= matte.first or tonumber(last) ~= matte.last then
    ask(pool, "DeleteClips", { media })
    fail(string.format(
      "Resolve imported frames %s-%s of %s, and not %d-%d.",
      tostring(first), tostring(last), matte.pattern, matte.first, matte.last
    ))
  end
  return media
end

-- Sets properties of media, in order; the first of `ways` that all read back is the one.
local function set_one_of(media, ways)
  for _, way in ipairs(ways) do
    local done = true
    for _, pair in ipairs(way) do
      if not near(ask(media, "GetClipProperty", pair[1]), pair[2]) then
        ask(media, "SetClipProperty", pair[1], pair[2])
      end
      done = done and pair[2] ~= "" and near(ask(media, "GetClipProperty", pair[1]), pair[2])
    end
    if done then
      return true
    end
  end
  return #ways == 0
end

local function remove_earlier(timeline, matte)
  for track = 1, facts.count_tracks(timeline) do
    local old = {}
    for _, item in ipairs(items_in(timeline, track)) do
      local media = ask(item, "GetMediaPoolItem")
      if media and mark_of(media) == matte.mark then
        old[#old + 1] = item
      end
    end
    if #old > 0 then
      local before = #items_in(timeline, track)
      ask(timeline, "DeleteClips", old, false)
      if #items_in(timeline, track) ~= before - #old then
        fail("Resolve does not remove the earlier matte of " .. matte.object .. ": unlock its track.")
      end
    end
  end
end

local function free_track(timeline, matte)
  local past = matte.record + matte.last - matte.first + 1
  for track = 1, facts.count_tracks(timeline) do
    local is_free = ask(timeline, "GetTrackName", "video", track) == matte.track
      and not ask(timeline, "GetIsTrackLocked", "video", track)
    for _, item in ipairs(is_free and items_in(timeline, track) or {}) do
      is_free = is_free and (ask(item, "GetEnd") <= matte.record or ask(item, "GetStart") >= past)
    end
    if is_free then
      return track
    end
  end
  local track = facts.count_tracks(timeline) + 1
  ask(timeline, "AddTrack", "video")
  if facts.count_tracks(timeline) ~= track then
    fail("Resolve adds no video track: add one by hand, then run Rotomatte again.")
  end
  ask(timeline, "SetTrackName", "video", track, matte.track)
  return track
end

local function append(pool, timeline, media, track, matte)
  local id, past = ask(media, "GetUniqueId"), matte.record + matte.last - matte.first + 1
  -- Whether the end is included differs between builds; the length of what is placed says it.
  for _, last in ipairs({ matte.last + 1, matte.last }) do
    ask(pool, "AppendToTimeline", {
      {
        mediaPoolItem = media,
        startFrame = matte.first,
        endFrame = last,
        mediaType = 1,
        trackIndex = track,
        recordFrame = matte.record,
      },
    })
    local placed = {}
    for _, item in ipairs(items_in(timeline, track)) do
      if ask(ask(item, "GetMediaPoolItem"), "GetUniqueId") == id then
        placed[#placed + 1] = item
      end
    end
    if #placed == 1 and ask(placed[1], "GetStart") == matte.record and ask(placed[1], "GetEnd") == past then
      return placed[1]
    end
    if #placed > 0 then
      ask(timeline, "DeleteClips", placed, false)
    end
  end
  fail(string.format("Resolve does not place the matte of %s at frame %d.", matte.object, matte.record))
end

-- The gang comes first: with it one zoom sets the other.
local function copy_look(item, look, notes)
  for _, pair in ipairs(look) do
    if not near(ask(item, "GetProperty", pair[1]), pair[2]) then
      ask(item, "SetProperty", pair[1], pair[2])
    end
  end
  local missed = {}
  for _, pair in ipairs(look) do
    if not near(ask(item, "GetProperty", pair[1]), pair[2]) then
      missed[#missed + 1] = pair[1]
    end
  end
  if #missed > 0 then
    notes[#notes + 1] = "The matte does not have the clip's " .. table.concat(missed, ", ") .. ": set it in the Inspector."
  end
end

local function remove_unused(where, media, matte)
  local old = {}
  for _, other in pairs(ask(where.bin, "GetClipList") or {}) do
    local is_used = (ask(other, "GetClipProperty", "Usage") or "0") ~= "0"
    if mark_of(other) == matte.mark and ask(other, "GetUniqueId") ~= ask(media, "GetUniqueId") and not is_used then
      old[#old + 1] = other
    end
  end
  if #old > 0 then
    ask(where.pool, "DeleteClips", old)
  end
end

local function on_track(where, placing, matte, notes)
  local media = import(where.pool, matte)
  local done, problem = pcall(function()
    for _, setting in ipairs(placing.settings) do
      if not set_one_of(media, setting.ways) then
        notes[#notes + 1] = setting.note
      end
    end
    set_mark(media, matte)
    remove_earlier(where.timeline, matte)
    local track = free_track(where.timeline, matte)
    copy_look(append(where.pool, where.timeline, media, track, matte), placing.look, notes)
  end)
  if not done then
    ask(where.pool, "DeleteClips", { media })
    error(problem, 0)
  end
  remove_unused(where, media, matte)
end

local function as_comp(where, _, matte)
  local item = where.item
  local before = #(ask(item, "GetFusionCompNameList") or {})
  ask(item, "ImportFusionComp", matte.comp_file)
  local names = ask(item, "GetFusionCompNameList") or {}
  local comp = #names == before + 1 and ask(item, "GetFusionCompByName", names[#names])
  local loader = comp and ask(comp, "FindTool", matte.object)
  if not loader or not near(ask(loader, "GetInput", "GlobalIn"), matte.comp_time) then
    fail("Resolve does not import the Fusion comp: open the Fusion page once for this clip, then try again.")
  end
  ask(item, "DeleteFusionCompByName", matte.comp)
  ask(item, "RenameFusionCompByName", names[#names], matte.comp)
  ask(item, "LoadFusionCompByName", matte.comp)
end

local function as_clip_matte(where, _, matte, notes)
  local media = ask(where.item, "GetMediaPoolItem")
  local storage = ask(where.resolve, "GetMediaStorage")
  for _, path in ipairs(matte.clip_matte_paths) do
    ask(storage, "AddClipMattesToMediaPool", media, { path })
    for _, known in pairs(ask(where.pool, "GetClipMatteList", media) or {}) do
      if known == path then
        notes[#notes + 1] = "The matte of " .. matte.object .. " is a clip matte now: pick it in the Color page's node graph."
        return
      end
    end
  end
  fail("Resolve does not take the matte of " .. matte.object .. " as a clip matte: choose New track instead.")
end

-- How far along the timeline the artist has moved the clip since it was read; trimming its head moves nothing.
local function how_far(item, placing)
  local left = ask(item, "GetLeftOffset")
  local trimmed = left and placing.left_offset and left - placing.left_offset or 0
  return math.floor(ask(item, "GetStart") - placing.start - trimmed + 0.5)
end

local WAYS = { ["track"] = on_track, ["comp"] = as_comp, ["clip matte"] = as_clip_matte }

local function set_markers(timeline, placing, moved, notes)
  local taken = {}
  for frame, marker in pairs(ask(timeline, "GetMarkers") or {}) do
    if (marker.customData or ""):find(placing.marker_owner, 1, true) then
      ask(timeline, "DeleteMarkerAtFrame", frame)
    else
      taken[frame] = true
    end
  end
  for _, marker in ipairs(placing.markers) do
    local at = marker.at + moved
    while taken[at] do
      at = at + 1
    end
    taken[at] = true
    ask(timeline, "AddMarker", at, marker.color, marker.name, marker.note, 1, marker.custom)
    if ask(timeline, "GetMarkerCustomData", at) ~= marker.custom then
      notes[#notes + 1] = "Resolve takes no marker at frame " .. at .. " of the timeline: " .. marker.note
    end
  end
end

local function macros(item)
  local found = {}
  for index = 1, tonumber(ask(item, "GetFusionCompCount")) or 0 do
    for _, tool in pairs(ask(ask(item, "GetFusionCompByIndex", index), "GetToolList", false, "GroupOperator") or {}) do
      if ((ask(tool, "GetAttrs") or {}).TOOLS_Name or ""):sub(1, 15) == "RotomattePrompt" then
        found[#found + 1] = tool
      end
    end
  end
  return found
end

-- The preview in the macro would be in a render of its frame.
local function hide_preview(item)
  for _, macro in ipairs(macros(item)) do
    ask(macro, "SetInput", "PreviewTime", -1000000)
  end
end

-- The macro's prompts as the panel has them. Whoever has changed them meanwhile, in Resolve, has the last word.
local function set_prompts(item, prompts, notes)
  local macro = macros(item)[1]
  local now = macro and (ask(macro, "GetInput", "PromptList") or "")
  local is_known = false
  for _, before in ipairs(prompts.before) do
    is_known = is_known or now == before
  end
  if not macro then
    notes[#notes + 1] = "The clip has no prompt macro any more: its prompts are in rotomatte.json beside the mattes."
  elseif not is_known then
    notes[#notes + 1] = "The prompts in the macro were changed since the panel was opened, and stay; those of the panel are in "
      .. "rotomatte.json beside the mattes."
  else
    ask(macro, "SetInput", "Names", prompts.names)
    ask(macro, "SetInput", "PromptList", prompts.list)
    if (ask(macro, "GetInput", "PromptList") or "") ~= prompts.list then
      notes[#notes + 1] = "Resolve does not take the prompts into the macro: they are in rotomatte.json beside the mattes."
    end
  end
end

-- Does all of it; gives whether it went well, and sentences for the artist. The artist's page, bin and playhead are put
-- back in any case.
function place.run(resolve, placing)
  local notes = {}
  local project = ask(ask(resolve, "GetProjectManager"), "GetCurrentProject")
  local pool = ask(project, "GetMediaPool")
  local page, folder = ask(resolve, "GetCurrentPage"), ask(pool, "GetCurrentFolder")
  local timecode, timeline
  local done, problem = pcall(function()
    timeline = find_timeline(project, placing.timeline)
    local item = facts.find_item(timeline, placing.item)
    if not item then
      fail("The clip is not in the timeline any more.")
    end
    if page ~= "edit" then
      ask(resolve, "OpenPage", "edit")
    end
    timecode = ask(timeline, "GetCurrentTimecode")
    local where = { resolve = resolve, pool = pool, timeline = timeline, item = item }
    where.bin = open_bin(pool, placing.bin)
    local moved = how_far(item, placing)
    for _, matte in ipairs(placing.mattes) do
      matte.record = matte.record + moved
      WAYS[placing.bring_back](where, placing, matte, notes)
    end
    set_markers(timeline, placing, moved, notes)
    hide_preview(item)
    if placing.prompts then
      set_prompts(item, placing.prompts, notes)
    end
  end)
  if timeline and timecode and ask(timeline, "GetCurrentTimecode") ~= timecode then
    ask(timeline, "SetCurrentTimecode", timecode)
  end
  if folder then
    ask(pool, "SetCurrentFolder", folder)
  end
  if page and page ~= "edit" then
    ask(resolve, "OpenPage", page)
  end
  if not done then
    notes[#notes + 1] = type(problem) == "table" and problem.sentence or tostring(problem)
  end
  return done, notes
end

return place
