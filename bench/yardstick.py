"""The yardstick: the least that a Starlette application can do with a submission. Reads the body, answers a constant.

`python -m bench.yardstick PORT` serves it as the reference server is served: uvicorn with uvloop and httptools.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ANSWER = b'{"success":true,"taskId":"clx3v9k2p0001","provider":"paddle"}'


async def submit(request: Request) -> Response:
    await request.body()
    return Response(ANSWER, media_type="application/json")


app = Starlette(routes=[Route("/api/ocr", submit, methods=["POST"])])

if __name__ == "__main__":
    # Critical: a client that goes away at the end of a turn is no reason to write a traceback.
    uvicorn.run(
        app, port=int(sys.argv[1]), loop="uvloop", http="httptools", ws="none", log_level="critical", access_log=False
    )
