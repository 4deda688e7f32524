"""A production server in small: nginx, two web processes and a database, on ports of loopback."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.web.conftest import TOKEN

CATCPNS = str(Path(sys.executable).parent / "catcpns")
NAME = "ujian.contoh.example"


def free_ports(count: int) -> list[int]:
    """Ports that nobody holds now."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate of NAME and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "tls.pem", folder / "tls.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    paths[1].write_bytes(secret)
    return paths


@dataclass
class Platform:
    """Everything on one machine; `start` and `stop`. What ends on its own is started again."""

    database: str
    folder: Path
    ports: list[int] = field(default_factory=lambda: free_ports(2))
    tls: int = field(default_factory=lambda: free_ports(1)[0])
    running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    nginx: subprocess.Popen[bytes] | None = None
    is_ending: bool = False

    @property
    def environment(self) -> dict[str, str]:
        """What the web processes are told."""
        own = {"CATCPNS_DATABASE_URL": self.database, "CATCPNS_INSTANCE": str(self.folder)}
        kept = {k: v for k, v in os.environ.items() if k != "CATCPNS_PLAIN_HTTP"}
        return {**kept, **own, "CATCPNS_PROXIES": "1", "CATCPNS_LOG": "json"}

    def start(self) -> None:
        """Two web processes, then nginx before them."""
        for port in self.ports:
            threading.Thread(target=self._keep, args=(port,), daemon=True).start()
        for port in self.ports:
            self.wait_ready(port)
        self._start_nginx()

    def _keep(self, port: int) -> None:
        command = [CATCPNS, "serve", "--port", str(port), "--no-jobs", "--threads", "4"]
        while not self.is_ending:
            with (self.folder / "web.log").open("ab") as log:
                process = subprocess.Popen(
                    command, env=self.environment, stderr=log, start_new_session=True
                )
            self.running[port] = process
            (self.folder / f"{port}.pid").write_text(str(process.pid))
            process.wait()

    def wait_ready(self, port: int, seconds: float = 40) -> None:
        """Until the process at a port may be sent people."""
        end, found = time.monotonic() + seconds, b""
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/siap", timeout=5):
                    return
            except urllib.error.HTTPError as error:
                found = error.read()
            except OSError:
                time.sleep(0.1)
        raise AssertionError((found, self.log()))

    def _start_nginx(self) -> None:
        cert, key = certificate(self.folder)
        for name in ("jalan", "sementara"):
            (self.folder / name).mkdir()
        processes = [word for port in self.ports for word in ("--proses", f"127.0.0.1:{port}")]
        places = {"jalan": "jalan", "sementara": "sementara", "catatan": "jalan"}
        command = [CATCPNS, "layanan", "nginx", *processes, "--nama", NAME]
        command += ["--sertifikat", str(cert), "--kunci", str(key)]
        command += ["--tls", f"127.0.0.1:{self.tls}", "--http", f"127.0.0.1:{free_ports(1)[0]}"]
        for option, name in places.items():
            command += [f"--{option}", str(self.folder / name)]
        made = subprocess.run(command, env=self.environment, check=True, capture_output=True)
        config = self.folder / "nginx.conf"
        config.write_bytes(made.stdout)
        user: dict[str, str] = {}
        if os.geteuid() == 0:  # as in production, what faces the network is not root
            user = {"user": "www-data", "group": "www-data"}
            for name in (".", "jalan", "sementara", key.name):
                shutil.chown(self.folder / name, "www-data", "www-data")
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin")
        assert program
        command = [program, "-c", str(config), "-p", str(self.folder), "-g", "daemon off;"]
        with (self.folder / "nginx.log").open("ab") as log:
            self.nginx = subprocess.Popen(
                command, stderr=log, start_new_session=True, cwd=self.folder, **user
            )
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.tls)) == 0:
                    return
            assert self.nginx.poll() is None, (self.folder / "nginx.log").read_text()
            time.sleep(0.05)
        raise AssertionError("nginx does not listen")

    def log(self) -> str:
        """What the web processes wrote."""
        return (self.folder / "web.log").read_text()

    def end_web(self) -> None:
        """Kill the web processes for good."""
        self.is_ending = True
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self) -> None:
        """End all of it."""
        self.end_web()
        if self.nginx is not None and self.nginx.poll() is None:
            os.killpg(self.nginx.pid, signal.SIGTERM)
            try:
                self.nginx.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self.nginx.pid, signal.SIGKILL)
                self.nginx.wait()


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body."""
        return self.body.decode()


class Desk:
    """A computer of the hall: one connection that is kept, one cookie jar, no retries."""

    def __init__(self, platform: Platform) -> None:
        trusting = ssl.create_default_context(cafile=str(platform.folder / "tls.pem"))
        trusting.set_alpn_protocols(["http/1.1"])
        self.connection = http.client.HTTPSConnection(NAME, platform.tls, context=trusting)
        self.connection._create_connection = lambda *_: socket.create_connection(  # type: ignore[attr-defined]
            ("127.0.0.1", platform.tls), 30
        )
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.statuses: list[int] = []
        self.seconds: list[float] = []

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Reply:
        """One request; whatever goes wrong on the way raises."""
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Referer"] = f"https://{NAME}:{self.connection.port}/"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.seconds.append(time.monotonic() - began)
        self.statuses.append(answer.status)
        given = answer.headers.get_all("Set-Cookie") or []
        for jar in map(SimpleCookie, given):
            self.cookies |= {name: morsel.value for name, morsel in jar.items()}
        found = TOKEN.search(content.decode(errors="replace"))
        if found:
            self.token = found[1]
        return Reply(answer.status, {k.lower(): v for k, v in answer.headers.items()}, content)

    def get(self, path: str, **headers: str) -> Reply:
        """Open a page."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, **fields: object) -> Reply:
        """Send a form as a browser without scripts does."""
        return self.ask("POST", path, urlencode({**fields, "csrf_token": self.token}))

    def post_json(self, path: str, **fields: object) -> Reply:
        """Send a form as the page's script does."""
        return self.ask(
            "POST", path, urlencode(fields), Accept="application/json", X_CSRFToken=self.token
        )

    def starts_exam(self, nomor: str, pin: str) -> str:
        """Log in, start; returns the address of the exam."""
        self.get("/ujian/masuk")
        reply = self.post("/ujian/masuk", nomor=nomor, pin=pin)
        assert reply.status == 303, reply.text
        url = re.sub(r"^https?://[^/]+", "", reply.headers["location"])
        self.get(url)
        assert self.post(f"{url}/mulai").status == 303
        self.get(url)
        return url
