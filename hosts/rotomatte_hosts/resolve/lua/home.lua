-- Where Rotomatte's Lua files are. A script of Resolve's menu does not know its own path, and a macro's buttons travel
-- with projects, so the folders that `rotomatte install resolve` uses are looked through, the user's own first.
local function rotomatte_home()
  local tail = "Blackmagic Design/DaVinci Resolve/"
  local folders = {}
  local function add(root, rest)
    if root and root ~= "" then
      folders[#folders + 1] = root .. rest .. "Fusion/Rotomatte"
    end
  end
  if package.config:sub(1, 1) == "\\" then
    add(os.getenv("APPDATA"), "/" .. tail .. "Support/")
    add(os.getenv("PROGRAMDATA"), "/" .. tail)
  else
    add(os.getenv("HOME"), "/Library/Application Support/" .. tail)
    add(os.getenv("HOME"), "/.local/share/DaVinciResolve/")
    add("/Library/Application Support/", tail)
    add("/opt/resolve/", "")
    add("/home/resolve/", "")
  end
  for _, folder in ipairs(folders) do
    local file = io.open(folder .. "/facts.lua", "r")
    if file then
      file:close()
      return folder
    end
  end
  return nil
end
