"""Calls the HTTP API with the published client library, as a service does.

Arguments: address of the API, its key, a user, and the id of its one connection, which is in the channel here:python.
"""

import sys
from uuid import uuid4

from cent import (
    BatchRequest,
    BroadcastRequest,
    CentApiResponseError,
    CentUnauthorizedError,
    ChannelsRequest,
    Client,
    Disconnect,
    DisconnectRequest,
    HistoryRemoveRequest,
    HistoryRequest,
    InfoRequest,
    PresenceRequest,
    PresenceStatsRequest,
    PublishRequest,
    RefreshRequest,
    StreamPosition,
    SubscribeRequest,
    UnsubscribeRequest,
)

address, key, user, client_id = sys.argv[1:]
api = Client(address, key)
run = uuid4().hex
stream = f"stream:python-{run}"


def code_of(call):
    try:
        call()
    except CentApiResponseError as error:
        return error.code
    return None


# publish and broadcast
first = api.publish(PublishRequest(channel=stream, data={"n": 1}, tags={"from": "python"}))
assert first.offset == 1 and first.epoch, first
again = [api.publish(PublishRequest(channel=stream, data={"n": 2}, idempotency_key=run)) for _ in range(2)]
assert [result.offset for result in again] == [2, 2], again
skipped = api.publish(PublishRequest(channel=stream, data={}, skip_history=True))
assert (skipped.offset, skipped.epoch) == (0, ""), skipped
outcomes = api.broadcast(BroadcastRequest(channels=[stream, "nowhere:x", "plain:x"], data={"n": 3})).responses
assert [outcome.error.code if outcome.error else 0 for outcome in outcomes] == [0, 102, 0], outcomes
assert outcomes[0].result.offset == 3, outcomes

# history
history = api.history(HistoryRequest(channel=stream, limit=-1))
assert [publication.data["n"] for publication in history.publications] == [1, 2, 3], history
assert history.publications[0].tags == {"from": "python"}, history
assert (history.offset, history.epoch) == (3, first.epoch), history
since = StreamPosition(offset=2, epoch=first.epoch)
assert len(api.history(HistoryRequest(channel=stream, limit=-1, since=since)).publications) == 1
newest = api.history(HistoryRequest(channel=stream, limit=1, reverse=True)).publications
assert newest[0].offset == 3, newest
lost = StreamPosition(offset=2, epoch="lost")
assert code_of(lambda: api.history(HistoryRequest(channel=stream, since=lost))) == 112
api.history_remove(HistoryRemoveRequest(channel=stream))
assert api.history(HistoryRequest(channel=stream, limit=-1)).publications == []

# presence, channels, nodes
presence = api.presence(PresenceRequest(channel="here:python")).presence
assert presence[client_id].user == user, presence
stats = api.presence_stats(PresenceStatsRequest(channel="here:python"))
assert (stats.num_clients, stats.num_users) == (1, 1), stats
assert code_of(lambda: api.presence(PresenceRequest(channel="plain:x"))) == 108
channels = api.channels(ChannelsRequest(pattern="here:py*")).channels
assert channels["here:python"].num_clients == 1, channels
nodes = api.info(InfoRequest()).nodes
assert len(nodes) == 1 and nodes[0].num_clients >= 1 and nodes[0].uid, nodes

# users
api.subscribe(SubscribeRequest(user=user, channel=f"here:{run}", info={"by": "python"}, data={"hello": True}))
api.refresh(RefreshRequest(user=user, expire_at=4102444800))
api.unsubscribe(UnsubscribeRequest(user=user, channel="here:python"))

# batches
replies = api.batch(
    BatchRequest(
        requests=[
            PublishRequest(channel=stream, data={"n": 4}),
            PresenceStatsRequest(channel="here:python"),
            HistoryRequest(channel=stream, limit=-1),
        ]
    )
).replies
assert replies[0].offset == 4, replies
assert replies[2].publications[0].data == {"n": 4}, replies

# refusals
assert code_of(lambda: api.publish(PublishRequest(channel="nowhere:x", data={}))) == 102
assert code_of(lambda: api.publish(PublishRequest(channel="", data={}))) == 107
try:
    Client(address, "another key").info(InfoRequest())
    raise AssertionError("the wrong key opened the API")
except CentUnauthorizedError:
    pass

api.disconnect(DisconnectRequest(user=user, whitelist=["someone else"], disconnect=Disconnect(code=3503, reason="bye")))
print("all calls answered")
