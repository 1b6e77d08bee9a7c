-- Adds ARGV[1] to the counter KEYS[1], which is forgotten ARGV[2] milliseconds later, and returns it. Adding 0 reads it.
if ARGV[1] == '0' then
    return tonumber(redis.call('GET', KEYS[1]) or 0)
end
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return count
