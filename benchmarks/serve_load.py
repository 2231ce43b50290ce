"""What a verdict over HTTP costs, beside a bare route, and whether memory stays: on loopback.

    python benchmarks/serve_load.py --requests 50000

Two servers run, each in a process of its own: the router, of which a status and a whole verdict are
asked, and a FastAPI route that takes the same model and answers with a constant. One client posts
the same histories to both, in turns, on one connection each; of verdicts, those that are decided
and those that are open also by themselves. The cost of a request is the time of
the processor that the server took (Linux), so that the client's own does not count; what the client
waited is printed as well. For the memory, three rounds of four ask for statuses, one for verdicts.
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples" / "histories"
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024
ROUND = 500
#: So many rounds suffice to know what a request costs.
ROUNDS = 6


def serve(kind: str, port: int) -> None:
    """One of the two servers, until it is stopped."""
    import uvicorn  # noqa: PLC0415 - only in the process that serves
    from fastapi import FastAPI  # noqa: PLC0415 - as above

    from eligibility import AccountHistory  # noqa: PLC0415 - as above
    from eligibility.web import eligibility_router  # noqa: PLC0415 - as above

    app = FastAPI()
    if kind == "router":
        app.include_router(eligibility_router())
    else:

        @app.post("/verdict")
        async def bare(history: AccountHistory) -> dict[str, str]:  # noqa: ARG001 - it is validated
            return {"status": "indeterminate"}

    options = {"access_log": False, "log_level": "warning", "timeout_keep_alive": 600}
    uvicorn.run(app, host="127.0.0.1", port=port, **options)


class Server:
    """A server in its process, and one connection to it."""

    def __init__(self, kind: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, __file__, "--serve", kind, "--port", str(port)]
        self.process = subprocess.Popen(command)  # noqa: S603 - this very file
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        for _ in range(200):
            try:
                self.connection.connect()
            except ConnectionRefusedError:
                time.sleep(0.05)
            else:
                break
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, path: str, body: bytes) -> bytes:
        """The answer to one request, which must be a good one."""
        headers = {"content-type": "application/json"}
        self.connection.request("POST", path, body, headers)
        answer = self.connection.getresponse()
        read = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {read!r}")
        return read

    def of_process(self, file: str) -> list[str]:
        """What the system knows of the process."""
        text = Path(f"/proc/{self.process.pid}/{file}").read_text(encoding="ascii")
        return text.rpartition(")")[2].split()

    def spent(self) -> float:
        """The time of the processor so far, in seconds."""
        return sum(map(int, self.of_process("stat")[11:13])) / TICKS

    def memory(self) -> int:
        """What stays in memory, in KiB."""
        return int(self.of_process("statm")[1]) * PAGE_KIB

    def round(self, path: str, bodies: list[bytes]) -> tuple[float, float]:
        """What one request of a round costs the server, and how long it takes, in milliseconds."""
        spent, began = self.spent(), time.perf_counter()
        for number in range(ROUND):
            self.post(path, bodies[number % len(bodies)])
        waited = time.perf_counter() - began
        return 1000 * (self.spent() - spent) / ROUND, 1000 * waited / ROUND

    def stop(self) -> None:
        """End it."""
        self.connection.close()
        self.process.terminate()
        self.process.wait()


def main(requests: int) -> None:
    bodies = [
        json.dumps(json.loads(path.read_bytes())).encode()
        for path in sorted(EXAMPLES.glob("*.json"))
    ]
    router, bare = Server("router"), Server("bare")
    try:
        found = [json.loads(router.post("/status", body))["status"] for body in bodies]
        both = list(zip(bodies, found, strict=True))
        paths = {
            "bare": (bare, "/verdict", bodies),
            "status": (router, "/status", bodies),
            "verdict": (router, "/verdict", bodies),
            "decided": (router, "/verdict", [b for b, of in both if of != "indeterminate"]),
            "open": (router, "/verdict", [b for b, of in both if of == "indeterminate"]),
        }
        for server, path, some in paths.values():
            server.round(path, some)  # what is loaded when it is first needed
        costs: dict[str, list[tuple[float, float]]] = {name: [] for name in paths}
        for _ in range(ROUNDS):
            for name, (server, path, some) in paths.items():
                costs[name].append(server.round(path, some))
        for what, at in (("processor", 0), ("waited", 1)):
            each = {name: statistics.median(c[at] for c in many) for name, many in costs.items()}
            for name, cost in each.items():
                print(f"{what:10} {name:8} {cost:7.3f} ms  {cost / each['bare']:6.2f}")
        begin, rounds = router.memory(), requests // ROUND
        for number in range(1, rounds + 1):
            router.round("/status" if number % 4 else "/verdict", bodies)
            if number % max(rounds // 10, 1) == 0:
                print(f"{number * ROUND:7,} requests: {router.memory():8,} KiB", flush=True)
        grown = router.memory() - begin
        print(f"memory has grown by {grown:,} KiB over {rounds * ROUND:,} requests")
    finally:
        router.stop()
        bare.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--serve", choices=["router", "bare"], help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.port)
    else:
        main(given.requests)
