-- Requests for wrk: the ten digits in turn. `distinct` makes every file different, `cached` repeats the same ten.
-- Usage: wrk … -s load.lua http://host:port/predict -- distinct|cached folder

local boundary = "trazo-load"
local head = "--" .. boundary .. '\r\nContent-Disposition: form-data; name="file"; filename="digit.png"\r\n'
  .. "Content-Type: image/png\r\n\r\n"
local tail = "\r\n--" .. boundary .. "--\r\n"

-- Runs once per thread, each with a separate Lua state.
local threads = 0
function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  distinct = args[1] == "distinct"
  files = {}
  for digit = 0, 9 do
    local file = assert(io.open(args[2] .. "/" .. digit .. ".png", "rb"))
    files[digit] = file:read("*a")
    file:close()
  end
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "multipart/form-data; boundary=" .. boundary
  count = 0
  start = os.time()
end

function request()
  local file = files[count % 10]
  if distinct then
    -- Bytes after the end of a PNG are ignored: the same image with another hash.
    file = file .. string.format("%d.%d.%d", start, id, count)
  end
  count = count + 1
  return wrk.format(nil, nil, nil, head .. file .. tail)
end

-- One row of the table. The unit of wrk is the microsecond.
function done(summary, latency)
  local milliseconds = function(percent) return string.format("%.2f ms", latency:percentile(percent) / 1000) end
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format("ROW %.0f | %s | %s | %s | %d |", summary.requests / summary.duration * 1e6,
    milliseconds(50), milliseconds(95), milliseconds(99), failed))
end
