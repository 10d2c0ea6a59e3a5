-- Files and processes, on Windows and elsewhere.
local shell = {}

shell.is_windows = package.config:sub(1, 1) == "\\"

-- A word of a command line. On Windows no path can have a quotation mark.
function shell.quote(word)
  if shell.is_windows then
    return '"' .. word .. '"'
  end
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

local function line(words)
  local quoted = {}
  for index, word in ipairs(words) do
    quoted[index] = shell.quote(word)
  end
  return table.concat(quoted, " ")
end

-- What runs the engine's Python untouched by what Resolve has set for itself.
function shell.python_words(python, ...)
  local words = { python, "-I", "-m", ... }
  if not shell.is_windows then
    for _, name in ipairs({ "DYLD_LIBRARY_PATH", "LD_PRELOAD", "LD_LIBRARY_PATH" }) do
      table.insert(words, 1, name)
      table.insert(words, 1, "-u")
    end
    table.insert(words, 1, "/usr/bin/env")
  end
  return words
end

-- The line that starts a program which goes on by itself, its words going to a file.
function shell.background(words, log)
  if shell.is_windows then
    -- cmd takes one pair of quotation marks off the whole line; start takes the first word in such for a title.
    return 'start "" /B cmd /C "' .. line(words) .. " > " .. shell.quote(log) .. ' 2>&1"'
  end
  return line(words) .. " > " .. shell.quote(log) .. " 2>&1 < /dev/null &"
end

-- The line that runs a program to its end.
function shell.foreground(words, log)
  local whole = line(words) .. " > " .. shell.quote(log) .. " 2>&1"
  return shell.is_windows and '"' .. whole .. '"' or whole
end

function shell.start(words, log)
  os.execute(shell.background(words, log))
end

function shell.wait_for(words, log)
  os.execute(shell.foreground(words, log))
end

function shell.read(path)
  local file = io.open(path, "rb")
  if not file then
    return nil
  end
  local text = file:read("*a")
  file:close()
  return text
end

function shell.write(path, text)
  local file = io.open(path, "wb")
  local done = file and file:write(text)
  if file then
    done = file:close() and done
  end
  return done and true or false
end

-- The table that a file of the engine's holds: values alone, nothing in it is called. Nil where there is none.
function shell.read_table(path)
  local text = shell.read(path)
  local chunk = text and loadstring(text, "=" .. path)
  if not chunk then
    return nil
  end
  local done, value = pcall(setfenv(chunk, {}))
  return done and type(value) == "table" and value or nil
end

-- The folder of Rotomatte's settings for this user, as the engine has it too.
function shell.settings_folder()
  if shell.is_windows then
    return (os.getenv("APPDATA") or os.getenv("USERPROFILE") .. "\\AppData\\Roaming") .. "\\rotomatte"
  end
  local home = os.getenv("HOME") or ""
  if jit and jit.os == "OSX" then
    return home .. "/Library/Application Support/rotomatte"
  end
  local config = os.getenv("XDG_CONFIG_HOME")
  return (config and config ~= "" and config or home .. "/.config") .. "/rotomatte"
end

-- Where what belongs to clips is kept until it is placed; it is made where it is not there.
function shell.work_folder()
  local folder = shell.settings_folder() .. (shell.is_windows and "\\" or "/") .. "resolve"
  local probe = folder .. (shell.is_windows and "\\" or "/") .. "probe"
  if not shell.write(probe, "") then
    local make = shell.is_windows and 'mkdir "' .. folder .. '"' or "mkdir -p " .. shell.quote(folder)
    os.execute(make)
  end
  os.remove(probe)
  return folder .. (shell.is_windows and "\\" or "/")
end

-- The Python that has the engine; nil where none is written down.
function shell.engine_python(home, json)
  local named = os.getenv("ROTOMATTE_ENGINE")
  if named and named ~= "" then
    return named
  end
  for _, folder in ipairs({ shell.settings_folder(), home }) do
    local document = shell.read(folder .. "/host.json")
    local python = document and json.field(document, "engine_python")
    if python then
      return python
    end
  end
  return nil
end

return shell
