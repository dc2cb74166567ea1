-- Records the layout of the keys unless it is recorded, and returns the recorded one.
--
-- KEYS  1 hash of the layout
-- ARGV  1 layout version, 2 number of partitions, 3 pub/sub mode, sharded or plain
-- Returns {layout version, number of partitions, generation of Redis or empty if INFO is forbidden, pub/sub mode}
-- Atomic: the first node decides, all others find it. The key has no time-to-live: it is valid as long as there is any
--       other key.

redis.call('HSETNX', KEYS[1], 'version', ARGV[1])
redis.call('HSETNX', KEYS[1], 'partitions', ARGV[2])
redis.call('HSETNX', KEYS[1], 'pubsub', ARGV[3])
local noted = redis.call('HMGET', KEYS[1], 'version', 'partitions', 'pubsub')
return {noted[1], noted[2], generation(), noted[3]}
