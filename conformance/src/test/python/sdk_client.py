"""Connects with the official Python SDK, subscribes and prints what it hears, a line of JSON for each event.

Arguments: address, token, "json" or "protobuf", and a channel for each further one, with "+delta" behind it for
differences or "+odd" for those publications whose tag "kind" is "odd". Commands on standard input: "offline"
disconnects, "online" connects again, the end of the input ends it.
"""

import asyncio
import json
import sys

from centrifuge import Client, ClientEventHandler, DeltaType, Filter, SubscriptionEventHandler


def event(kind, **fields):
    print(json.dumps({"event": kind, **fields}), flush=True)


class OfClient(ClientEventHandler):
    async def on_connecting(self, ctx):
        event("connecting", code=ctx.code)

    async def on_disconnected(self, ctx):
        event("disconnected", code=ctx.code)

    async def on_error(self, ctx):
        print(ctx, file=sys.stderr, flush=True)


class OfSubscription(SubscriptionEventHandler):
    def __init__(self, channel):
        self.channel = channel

    async def on_subscribed(self, ctx):
        event("subscribed", channel=self.channel, recovered=ctx.recovered)

    async def on_unsubscribed(self, ctx):
        event("unsubscribed", channel=self.channel, code=ctx.code)

    async def on_error(self, ctx):
        print(ctx, file=sys.stderr, flush=True)

    async def on_publication(self, ctx):
        if ctx.pub.delta:
            event("patch")
        data = json.loads(ctx.pub.data) if isinstance(ctx.pub.data, bytes) else ctx.pub.data
        event("publication", channel=self.channel, offset=ctx.pub.offset, data=data)


async def main(address, token, encoding, *channels):
    client = Client(
        address,
        events=OfClient(),
        token=token,
        use_protobuf=encoding == "protobuf",
        timeout=30,
        min_reconnect_delay=0.02,
        max_reconnect_delay=0.2,
        proxy=None,
    )
    for name in channels:
        channel, _, option = name.partition("+")
        subscription = client.new_subscription(
            channel,
            events=OfSubscription(channel),
            delta=DeltaType.FOSSIL if option == "delta" else None,
            tags_filter=Filter.eq("kind", "odd") if option == "odd" else None,
        )
        await subscription.subscribe()
    await client.connect()
    while command := (await asyncio.to_thread(sys.stdin.readline)).strip():
        await {"offline": client.disconnect, "online": client.connect}[command]()
    await client.disconnect()


asyncio.run(main(*sys.argv[1:]))
