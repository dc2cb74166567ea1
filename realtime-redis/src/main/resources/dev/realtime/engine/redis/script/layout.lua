-- Notes how names are laid out, if nobody has, and reads what was noted.
--
-- KEYS  1 hash of the layout
-- ARGV  1 layout version, 2 number of partitions, 3 pub/sub mode, sharded or plain
-- Returns {layout version, number of partitions, generation of Redis or empty if INFO is forbidden, pub/sub
--       mode}
-- Atomic: the first node decides, all others find it. The key has no time-to-live: it is true as long as anything else is here.

redis.call('HSETNX', KEYS[1], 'version', ARGV[1])
redis.call('HSETNX', KEYS[1], 'partitions', ARGV[2])
redis.call('HSETNX', KEYS[1], 'pubsub', ARGV[3])
local noted = redis.call('HMGET', KEYS[1], 'version', 'partitions', 'pubsub')
return {noted[1], noted[2], generation(), noted[3]}
