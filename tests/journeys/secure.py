"""The web app alone over HTTPS, and Chromium with its back/forward cache on, as people have it.

Playwright switches the cache off. A page with `no-store` goes into it only over HTTPS.
"""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Page, Playwright
from werkzeug.serving import make_server

from deploy.local.ports import free_ports
from deploy.setup.browser import find_browser
from models.running.settings import Settings
from tests.site import web_app

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
KEPT_OFF = ["--disable-back-forward-cache"]
WAS_KEPT = "window.addEventListener('pageshow', event => { window.wasKept = event.persisted })"


@contextmanager
def secure_site(settings: Settings, folder: Path) -> Iterator[str]:
    """The web app behind TLS; its address."""
    port = free_ports(1)[0]
    home = f"https://localhost:{port}"
    with web_app(replace(settings, public_url=home)) as app:
        server = make_server("localhost", port, app, threaded=True, ssl_context=_context(folder))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield home
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def browser_with_back(playwright: Playwright, *, scripts: bool = True) -> Iterator[Page]:
    """A page of Chromium whose back/forward cache is on; `window.wasKept` says whether it came from there."""
    browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS, ignore_default_args=KEPT_OFF)
    context = browser.new_context(ignore_https_errors=True, java_script_enabled=scripts, locale="en-US")
    context.set_default_timeout(15_000)
    if scripts:
        context.add_init_script(WAS_KEPT)
    yield context.new_page()
    browser.close()


def _context(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "localhost.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
