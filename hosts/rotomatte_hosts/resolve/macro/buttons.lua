-- What the macro's buttons do. Each button's script is this text with one call after it; `tool` and `comp` are given.
-- The list is JSON, a line a prompt, in Fusion's own coordinates: fractions of width and height, y up.

local function plain(value)
  -- Some systems write a decimal comma.
  local text = string.format("%.6f", value):gsub(",", ".")
  return (text:gsub("0+$", ""):gsub("%.$", ""))
end

local function prompts()
  local lines = {}
  for line in (tool:GetInput("PromptList") or ""):gmatch("[^\r\n]+") do
    lines[#lines + 1] = line
  end
  return lines
end

local function keep(lines, what)
  comp:StartUndo("Rotomatte: " .. what)
  tool:SetInput("PromptList", table.concat(lines, "\n"))
  comp:EndUndo(true)
end

local function add(kind, place)
  local lines = prompts()
  local number = math.floor(tool:GetInput("ObjectID") + 0.5)
  local head = '{"v":1,"t":%s,"obj":%d,"kind":"%s",%s}'
  lines[#lines + 1] = string.format(head, plain(comp.CurrentTime), number, kind, place)
  keep(lines, kind)
end

local function add_click(kind)
  local at = tool:GetInput("Locator", comp.CurrentTime)
  add(kind, '"x":' .. plain(at[1]) .. ',"y":' .. plain(at[2]))
end

local function add_box()
  local one = tool:GetInput("BoxMin", comp.CurrentTime)
  local other = tool:GetInput("BoxMax", comp.CurrentTime)
  local function named(name, value)
    return '"' .. name .. '":' .. plain(value)
  end
  add("box", table.concat({
    named("x0", math.min(one[1], other[1])),
    named("y0", math.min(one[2], other[2])),
    named("x1", math.max(one[1], other[1])),
    named("y1", math.max(one[2], other[2])),
  }, ","))
end

local function undo()
  local lines = prompts()
  table.remove(lines)
  keep(lines, "undo")
end

local function clear_frame()
  local left = {}
  for _, line in ipairs(prompts()) do
    if tonumber(line:match('"t"%s*:%s*(-?[%d%.]+)')) ~= comp.CurrentTime then
      left[#left + 1] = line
    end
  end
  keep(left, "clear frame")
end

local function hide_preview()
  tool:SetInput("PreviewTime", -1000000)
  tool:SetInput("Status", "")
end

local function preview()
  local home = rotomatte_home()
  if not home then
    tool:SetInput("Status", "Rotomatte is not on this machine: run `rotomatte install resolve`.")
    return
  end
  local show = dofile(home .. "/preview.lua")
  show(home, app:GetResolve(), tool, comp)
end
