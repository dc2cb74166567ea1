-- Returns how far the history of the server has come, and which history it continues.
--
-- KEYS  1 any of the partition whose server is meant
-- ARGV  none
-- Returns {INFO replication, INFO server}; both empty where INFO is forbidden
-- Atomic: the reply is a snapshot. Writes nothing.

local replication = redis.pcall('INFO', 'replication')
local server = redis.pcall('INFO', 'server')
return {type(replication) == 'string' and replication or '', type(server) == 'string' and server or ''}
