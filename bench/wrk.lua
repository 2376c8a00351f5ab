-- One request again and again: wrk ... -s wrk.lua URL -- BODY-FILE STATUS [NAME VALUE]...
-- The last line of the output is JSON: what came back, and how many answers had another status than STATUS.

local thread
other = 0

function setup(each)
   thread = each
end

function init(arguments)
   local file = assert(io.open(arguments[1], "rb"))
   wrk.method = "POST"
   wrk.body = file:read("*a")
   file:close()
   expected = tonumber(arguments[2])
   for place = 3, #arguments, 2 do
      wrk.headers[arguments[place]] = arguments[place + 1]
   end
end

function response(status)
   if status ~= expected then
      other = other + 1
   end
end

function done(summary, latency)
   local errors = summary.errors
   print(string.format(
      '{"requests": %d, "microseconds": %d, "p99": %d, "other": %d, "errors": %d}',
      summary.requests, summary.duration, latency:percentile(99), thread:get("other"),
      errors.connect + errors.read + errors.write + errors.timeout))
end
