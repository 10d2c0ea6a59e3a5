-- JSON: writing of what was read of a clip, and reading of the two texts that a setting file has.
local json = {}

local LIST = {}

-- A table that is written as a list, empty too.
function json.list(items)
  return setmetatable(items or {}, LIST)
end

-- What is not known: a field of a table that is nil would not be there.
json.null = setmetatable({}, { __tostring = function() return "null" end })

local SHORT = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function text(value)
  return '"' .. value:gsub('[%c"\\]', function(char)
    return SHORT[char] or string.format("\\u%04x", char:byte())
  end) .. '"'
end

local function number(value)
  if value ~= value or value == math.huge or value == -math.huge then
    return "null"
  end
  if value == math.floor(value) and math.abs(value) < 2 ^ 53 then
    return string.format("%d", value)
  end
  -- Some systems write a decimal comma.
  return (string.format("%.17g", value):gsub(",", "."))
end

function json.write(value)
  local kind = type(value)
  if kind == "string" then
    return text(value)
  elseif kind == "number" then
    return number(value)
  elseif kind == "boolean" then
    return tostring(value)
  elseif kind ~= "table" or value == json.null then
    return "null"
  end
  local parts = {}
  if getmetatable(value) == LIST then
    for index = 1, #value do
      parts[index] = json.write(value[index])
    end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  local names = {}
  for name in pairs(value) do
    names[#names + 1] = name
  end
  table.sort(names)
  for index, name in ipairs(names) do
    parts[index] = text(name) .. ":" .. json.write(value[name])
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local LONG = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function utf8(code)
  if code < 0x80 then
    return string.char(code)
  elseif code < 0x800 then
    return string.char(0xC0 + math.floor(code / 0x40), 0x80 + code % 0x40)
  elseif code < 0x10000 then
    return string.char(0xE0 + math.floor(code / 0x1000), 0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
  end
  return string.char(
    0xF0 + math.floor(code / 0x40000),
    0x80 + math.floor(code / 0x1000) % 0x40,
    0x80 + math.floor(code / 0x40) % 0x40,
    0x80 + code % 0x40
  )
end

-- The text of a field of an object, nil where it has none of that name.
function json.field(document, name)
  local _, at = document:find('"' .. name .. '"%s*:%s*"')
  if not at then
    return nil
  end
  local parts = {}
  at = at + 1
  while at <= #document do
    local char = document:sub(at, at)
    if char == '"' then
      return table.concat(parts)
    elseif char ~= "\\" then
      parts[#parts + 1] = char
      at = at + 1
    elseif document:sub(at + 1, at + 1) == "u" then
      local code = tonumber(document:sub(at + 2, at + 5), 16) or 0xFFFD
      at = at + 6
      local low = code >= 0xD800 and code < 0xDC00 and tonumber(document:match("^\\u(%x%x%x%x)", at) or "", 16)
      if low then
        code = 0x10000 + (code - 0xD800) * 0x400 + (low - 0xDC00)
        at = at + 6
      end
      parts[#parts + 1] = utf8(code)
    else
      local escaped = document:sub(at + 1, at + 1)
      parts[#parts + 1] = LONG[escaped] or escaped
      at = at + 2
    end
  end
  return nil
end

return json
