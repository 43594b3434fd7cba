"""A scripted server that speaks MongoDB's wire protocol, to see what the hub makes of its faults.

It keeps nothing. https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
"""

import socket
import struct
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event, Thread

import bson

HEADER = struct.Struct("<iiii")
REPLY, QUERY, MESSAGE = 1, 2004, 2013
HANG_UP, SILENCE = "hang up", "silence"
DONE = {"ok": 1, "n": 1, "nModified": 1}
NOTHING = {"ok": 1, "cursor": {"id": 0, "ns": "hub.any", "firstBatch": []}}


class Stub:
    """One server; `script(command, number)` says the reply to the command of that ordinal number.

    Without `set_name` it says that it is a standalone server. `heard` lists the commands.
    """

    def __init__(self, script, *, set_name="rs"):
        self.script = script
        self.set_name = set_name
        self.heard = []
        self.over = Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.threads = [Thread(target=self.accept)]
        self.threads[0].start()

    @property
    def uri(self):
        return f"mongodb://{self.address}/"

    def stop(self):
        self.over.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in self.threads:
            each.join()

    def accept(self):
        with suppress(OSError):
            while not self.over.is_set():
                connection, _ = self.listener.accept()
                connection.settimeout(0.1)
                self.threads.append(Thread(target=self.serve, args=(connection,)))
                self.threads[-1].start()

    def serve(self, connection):
        with connection, suppress(OSError, EOFError):
            while True:
                size, number, _, code = HEADER.unpack(self.read(connection, HEADER.size))
                body = self.read(connection, size - HEADER.size)
                reply = self.reply(command(code, body))
                if reply == HANG_UP:
                    return
                if reply == SILENCE:
                    self.over.wait()
                    return
                connection.sendall(message(code, number, bson.encode(reply)))

    def read(self, connection, size):
        found = b""
        while len(found) < size:
            with suppress(TimeoutError):
                part = connection.recv(size - len(found))
                if not part:
                    raise EOFError
                found += part
            if self.over.is_set():
                raise EOFError
        return found

    def reply(self, asked):
        name = next(iter(asked))
        if name.lower() in ("hello", "ismaster"):
            return self.hello()
        if name == "endSessions":
            return DONE
        self.heard.append(name)
        return self.script(name, self.heard.count(name))

    def hello(self):
        member = {"setName": self.set_name, "setVersion": 1, "hosts": [self.address]}
        return {
            **DONE,
            "isWritablePrimary": True,
            "ismaster": True,
            "helloOk": True,
            "maxWireVersion": 21,
            "minWireVersion": 0,
            "maxBsonObjectSize": 16 * 1024 * 1024,
            "maxMessageSizeBytes": 48_000_000,
            "maxWriteBatchSize": 100_000,
            "logicalSessionTimeoutMinutes": 30,
            "localTime": datetime.now(UTC),
            **({**member, "primary": self.address, "me": self.address} if self.set_name else {}),
        }


@contextmanager
def listening(script, **how):
    """Yield a stub; no thread of it outlives the block."""
    stub = Stub(script, **how)
    try:
        yield stub
    finally:
        stub.stop()


def command(code, body):
    """Return the command document of OP_MSG, or of the OP_QUERY of a first handshake."""
    start = 5
    if code == QUERY:
        start = body.index(b"\0", 4) + 9
    size = struct.unpack_from("<i", body, start)[0]
    return bson.decode(body[start : start + size])


def message(code, number, document):
    """Return the reply to message `number`, in the form that the question had."""
    if code == QUERY:
        content, answer = struct.pack("<iqii", 8, 0, 0, 1) + document, REPLY
    else:
        content, answer = struct.pack("<iB", 0, 0) + document, MESSAGE
    return HEADER.pack(HEADER.size + len(content), 1, number, answer) + content


def failure(code, name, *labels):
    """Return a server's error reply."""
    return {
        "ok": 0,
        "code": code,
        "codeName": name,
        "errmsg": "SECRET 666-00-0001",
        "errorLabels": list(labels),
    }
