import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ml.faces import fetch_yunet
from ml.faces.__main__ import main
from ml.faces.fetch import MAX_BYTES
from tests.ml.faces.conftest import yunet_path

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/model.onnx"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def sending(body: bytes, *, declared: int | None = None) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(body) if declared is None else declared))
        request.end_headers()
        request.wfile.write(body)

    return answer


def sending_without_length(body: bytes) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        with suppress(OSError):  # the client hangs up, as it should
            request.wfile.write(body)

    return answer


def dripping(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "232589")
    request.end_headers()
    for _ in range(40):
        try:
            request.wfile.write(b"x")
            request.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def silent(request: BaseHTTPRequestHandler) -> None:
    time.sleep(1)


def failing(code: int) -> Answer:
    return lambda request: request.send_error(code)


def test_model_is_fetched_into_a_new_folder(tmp_path: Path) -> None:
    model, destination = yunet_path().read_bytes(), tmp_path / "models" / "yunet.onnx"

    with serving(sending(model)) as url:
        outcome = fetch_yunet(destination, url=url)

    assert (outcome.ok, outcome.reason, outcome.path) == (True, "fetched", destination)
    assert destination.read_bytes() == model
    assert names_in(destination.parent) == ["yunet.onnx"]


def test_model_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    destination = tmp_path / "yunet.onnx"
    destination.write_bytes(yunet_path().read_bytes())
    asked: list[str] = []

    with serving(lambda request: asked.append(request.path)) as url:
        outcome = fetch_yunet(destination, url=url)

    assert (outcome.ok, outcome.reason) == (True, "present")
    assert asked == []


def test_broken_file_is_replaced(tmp_path: Path) -> None:
    model, destination = yunet_path().read_bytes(), tmp_path / "yunet.onnx"
    destination.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")

    with serving(sending(model)) as url:
        outcome = fetch_yunet(destination, url=url)

    assert outcome.reason == "fetched"
    assert destination.read_bytes() == model


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (failing(404), "refused"),
        (failing(503), "refused"),
        (sending(b"another file"), "wrong_hash"),
        (sending(b""), "wrong_hash"),
        (sending(b"x", declared=MAX_BYTES + 1), "too_large"),
        (sending_without_length(bytes(MAX_BYTES + 1)), "too_large"),
        (sending(b"x" * 1000, declared=232_589), "truncated"),
        (dripping, "too_slow"),
        (silent, "too_slow"),
    ],
)
def test_failure_is_an_outcome_and_leaves_nothing_behind(
    tmp_path: Path, answer: Answer, reason: str
) -> None:
    with serving(answer) as url:
        started = time.monotonic()
        outcome = fetch_yunet(tmp_path / "yunet.onnx", url=url, timeout_s=0.5)
        seconds = time.monotonic() - started

    assert (outcome.ok, outcome.reason) == (False, reason)
    assert url in outcome.detail
    assert names_in(tmp_path) == []
    assert seconds < 5


def test_earlier_file_survives_a_failure(tmp_path: Path) -> None:
    destination = tmp_path / "yunet.onnx"
    destination.write_bytes(b"earlier")

    with serving(sending(b"another file")) as url:
        fetch_yunet(destination, url=url)

    assert destination.read_bytes() == b"earlier"
    assert names_in(tmp_path) == ["yunet.onnx"]


@pytest.fixture
def closed_url() -> str:
    with serving(failing(404)) as url:
        pass
    return url


def test_refused_connection_is_offline(tmp_path: Path, closed_url: str) -> None:
    outcome = fetch_yunet(tmp_path / "yunet.onnx", url=closed_url, timeout_s=2)

    assert (outcome.ok, outcome.reason) == (False, "offline")
    assert names_in(tmp_path) == []


def test_unknown_host_is_offline(tmp_path: Path) -> None:
    outcome = fetch_yunet(tmp_path / "yunet.onnx", url="http://host.invalid/m", timeout_s=5)

    assert (outcome.ok, outcome.reason) in {(False, "offline"), (False, "too_slow")}


def test_folder_that_cannot_be_made_is_not_writable(tmp_path: Path) -> None:
    # Given: a file where the folder should be
    model = yunet_path().read_bytes()
    (tmp_path / "models").write_text("")

    with serving(sending(model)) as url:
        outcome = fetch_yunet(tmp_path / "models" / "yunet.onnx", url=url)

    assert (outcome.ok, outcome.reason) == (False, "not_writable")


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/m", ""])
def test_other_schemes_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match="http or https"):
        fetch_yunet(tmp_path / "yunet.onnx", url=url)


def test_command_prints_one_line(
    tmp_path: Path, closed_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["fetch", str(tmp_path / "yunet.onnx"), "--url", closed_url])

    printed = capsys.readouterr().out
    assert code == 1
    assert printed.count("\n") == 1
    assert printed.startswith("face detector: not fetched, cannot reach http://127.0.0.1")
