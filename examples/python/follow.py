"""Follows one channel and prints each of its messages once, in order, through cuts and restarts of the server.

FANFARE_TOKEN=… python follow.py ws://127.0.0.1:8080/ws room:lobby
"""
import json, os, random, sys, time

from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import connect


class Follower:
    def __init__(self, channel):
        self.channel, self.position, self.held, self.asking, self.tries = channel, None, [], False, 0

    def follow(self, socket):
        """Until the socket ends."""
        self.held = []
        self.ask(socket, "subscribe", {"since": self.position} if self.position else {})
        for frame in map(json.loads, socket):
            if frame["type"] == "error":
                return frame["retryable"] or sys.exit(f"refused: {frame['message']}")
            if frame["type"] == "message" and frame["channel"] == self.channel:
                self.held.append(frame)  # it may overtake the answer, which has what comes before
            elif frame["type"] in ("subscribed", "history"):
                self.settle(socket, frame)
            if not self.asking and not self.take(self.held):
                self.ask(socket, "subscribe", {"since": self.position})  # a push is missing

    def settle(self, socket, answer):
        """Goes on from an answer, and asks for what it does not have."""
        newest, messages, self.asking, self.tries = answer["position"], answer["messages"], False, 0
        self.position = self.position or newest
        if self.position["epoch"] != newest["epoch"]:
            print("the log began anew", file=sys.stderr)
            self.position = {"epoch": newest["epoch"], "offset": 0}
            self.held = [message for message in self.held if message["epoch"] == newest["epoch"]]
        elif answer["type"] == "history":
            next_kept = (messages or [{"offset": newest["offset"] + 1}])[0]["offset"]
            if next_kept > self.position["offset"] + 1:
                print(f"no longer kept: up to {next_kept - 1}", file=sys.stderr)
                self.position["offset"] = next_kept - 1
        if not self.take(messages) or self.position["offset"] < newest["offset"]:
            self.ask(socket, "history", {"after": self.position["offset"], "limit": 300})

    def take(self, messages):
        """Hands on what follows our position, and passes over what is below. False at a gap."""
        while messages:
            message, ahead = messages[0], messages[0]["offset"] - self.position["offset"]
            if message["epoch"] != self.position["epoch"] or ahead > 1:
                return False
            if ahead == 1:
                self.position = {"epoch": message["epoch"], "offset": message["offset"]}
                print(json.dumps(message.get("data", message.get("notification"))), flush=True)
            messages.pop(0)
        return True

    def ask(self, socket, action, details):
        self.asking = True
        socket.send(json.dumps({"action": action, "channel": self.channel, **details}))


url, follower = sys.argv[1], Follower(sys.argv[2])
headers = {"Authorization": f"Bearer {os.environ['FANFARE_TOKEN']}"}
while True:
    try:
        with connect(url, subprotocols=["fanfare.v1"], additional_headers=headers) as socket:
            follower.follow(socket)
    except InvalidStatus as refusal:
        if refusal.response.status_code in (401, 403):
            sys.exit("the token is not accepted")
    except (WebSocketException, OSError):
        pass  # cut, or not there: again
    time.sleep(random.random() * min(30, 0.25 * 2**follower.tries))  # full jitter
    follower.tries = min(follower.tries + 1, 10)
