-- Charges requests to all quotas of a client, or to none.
--
-- KEYS[1] has a field for each quota: the time at which it is full again, in microseconds of this server's clock.
-- ARGV: how many requests must be left, how many to charge if they are (to give back, if negative), and for each quota how
-- many microseconds one request takes and how many all of them.
-- Returns how many microseconds of each quota were left before.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local count, charged = tonumber(ARGV[1]), tonumber(ARGV[2])

local fields = {}
for i = 3, #ARGV, 2 do
    fields[#fields + 1] = ARGV[i] .. '/' .. ARGV[i + 1]
end
local stored = redis.call('HMGET', KEYS[1], unpack(fields))

local left, fits = {}, true
for i = 1, #fields do
    local one, all = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2])
    -- At most a whole quota ahead, even if the clock has been set back.
    local full = math.min(math.max(tonumber(stored[i] or now), now), now + all)
    left[i] = now + all - full
    fits = fits and left[i] >= count * one
end

if fits and charged ~= 0 then
    local values, last = {}, now
    for i, field in ipairs(fields) do
        local one, all = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2])
        local full = now + all - left[i] + charged * one
        values[#values + 1] = field
        values[#values + 1] = string.format('%.0f', full)
        last = math.max(last, full)
    end
    redis.call('HSET', KEYS[1], unpack(values))
    redis.call('PEXPIRE', KEYS[1], math.ceil((last - now) / 1000) + 1)
end
return left
