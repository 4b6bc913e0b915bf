"""A patient portal on django-oauth-toolkit, on this computer: its own log-in and consent pages, its
own tokens, and a small FHIR DSTU2 record of an invented person behind them.

    portal.py FOLDER REDIRECT_URI (basic|body|both)

Says one line of JSON once it listens: origin, certificate, client_id, client_secret. Then it takes
one command a line on standard input and answers each with one line of JSON, until that ends.
"""

import datetime
import ipaddress
import json
import pathlib
import secrets
import ssl
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

FOLDER, REDIRECT_URI, CLIENT_AUTH = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
USER, PASSWORD = "ada", "practice"

from django.conf import settings

settings.configure(
    SECRET_KEY=secrets.token_hex(),
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF="portal",
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "oauth2_provider",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "DIRS": [FOLDER],
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                ]
            },
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "portal.sqlite3",
            # Nothing of it outlives the test.
            "OPTIONS": {"timeout": 20, "init_command": "PRAGMA synchronous=OFF; PRAGMA journal_mode=WAL;"},
        }
    },
    # The tables as they are today, without the years of steps that led to them.
    MIGRATION_MODULES=dict.fromkeys(["auth", "contenttypes", "sessions", "oauth2_provider"]),
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    LOGIN_URL="/accounts/login/",
    SESSION_COOKIE_SECURE=True,
    CSRF_COOKIE_SECURE=True,
    SECURE_CONTENT_TYPE_NOSNIFF=True,
    OAUTH2_PROVIDER={
        "OAUTH2_VALIDATOR_CLASS": "portal.Validator",
        "SCOPES": {"patient/*.read": "Read your record"},
        "PKCE_REQUIRED": True,
        "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
        "ACCESS_TOKEN_EXPIRE_SECONDS": 48 * 3600,
        "ROTATE_REFRESH_TOKEN": True,
        "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
        "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    },
)
# Django looks this module up by its name.
sys.modules["portal"] = sys.modules[__name__]

import django

django.setup()

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.contrib.auth import get_user_model
from django.contrib.auth.views import LoginView
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.http import require_GET
from oauth2_provider import models
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauth2_provider.oauth2_validators import OAuth2Validator

LOGIN_PAGE = """<!doctype html><title>Log in</title>
<form method="post">{% csrf_token %}{{ form.as_p }}
<input type="hidden" name="next" value="{{ next }}"><button>Log in</button></form>"""


class Validator(OAuth2Validator):
    """Takes the client's credentials in one place only, where it is told to."""

    def _authenticate_basic_auth(self, request):
        return CLIENT_AUTH != "body" and super()._authenticate_basic_auth(request)

    def _authenticate_request_body(self, request):
        return CLIENT_AUTH != "basic" and super()._authenticate_request_body(request)


ABOUT_ADA = {"reference": "Patient/71"}
RECORD = {
    "Patient": [
        {
            "name": [{"text": "Ada Example", "given": ["Ada"], "family": ["Example"]}],
            "gender": "female",
            "birthDate": "1961-04-02",
        }
    ],
    "Condition": [
        {"code": {"text": text}, "patient": ABOUT_ADA, "dateRecorded": f"2024-0{n}-11", "verificationStatus": "confirmed"}
        for n, text in enumerate(["Hay fever", "Raised blood pressure", "Migraine", "Flat feet", "Cough"], 1)
    ],
    "Immunization": [
        {"vaccineCode": {"text": "Influenza"}, "patient": ABOUT_ADA, "date": "2023-10-02T15:48:00-04:00",
         "status": "completed", "wasNotGiven": False, "reported": False}
    ],
    "Observation": [
        {"code": {"text": "Heart rate"}, "subject": ABOUT_ADA, "status": "final", "effectiveDateTime": f"2025-01-{n:02}",
         "valueQuantity": {"value": 60 + n, "unit": "/min"}}
        for n in range(1, 8)
    ],
}
FIRST_ID = {"Patient": 71, "Condition": 500, "Immunization": 800, "Observation": 9000}
PAGE = 2


@require_GET
def fhir(request, kind):
    """A list of DSTU2, two entries a page, as the portal's dialect has it."""
    valid, _ = get_oauthlib_core().verify_request(request, scopes=["patient/*.read"])
    if not valid:
        answer = JsonResponse({"detail": "Authentication credentials were not provided."}, status=401)
        answer["WWW-Authenticate"] = 'Bearer realm="api"'
        return answer
    if kind not in RECORD:
        return JsonResponse({"detail": "Not found."}, status=404)
    first = int(request.GET.get("offset", 0))
    entries = []
    for n, body in list(enumerate(RECORD[kind]))[first : first + PAGE]:
        number = FIRST_ID[kind] + n
        resource = {"resourceType": kind, "id": str(number), **body}
        entries.append({"fullUrl": [f"/api/fhir/{kind}/{number}"], "resource": resource})
    links = [{"relation": "self", "url": request.build_absolute_uri()}]
    if first + PAGE < len(RECORD[kind]):
        links.append({"relation": "next", "url": f"/api/fhir/{kind}?offset={first + PAGE}"})
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(RECORD[kind]), "link": links, "entry": entries}
    return JsonResponse(bundle)


urlpatterns = [
    path("accounts/login/", LoginView.as_view(template_name="login.html")),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("api/fhir/<kind>", fhir),
]


def command(line):
    """What the test can do to the portal, or ask of it."""
    now = timezone.now()
    if line == "end-access":
        models.get_access_token_model().objects.update(expires=now - datetime.timedelta(1))
    elif line == "age-codes":
        # As if a minute had gone by since the person allowed.
        for grant in models.get_grant_model().objects.all():
            grant.expires -= datetime.timedelta(seconds=60)
            grant.save()
    elif line == "revoke-all":
        models.get_access_token_model().objects.all().delete()
        models.get_refresh_token_model().objects.update(revoked=now)
    elif line != "stats":
        return {"error": f"There is no command {line}"}
    return {
        "access": models.get_access_token_model().objects.filter(expires__gt=now).count(),
        "refresh": models.get_refresh_token_model().objects.filter(revoked=None).count(),
        "rotated": models.get_refresh_token_model().objects.exclude(revoked=None).count(),
        "codes": models.get_grant_model().objects.count(),
    }


def certificate():
    """A self-signed certificate for localhost; gives the files of it and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = FOLDER / "certificate.pem", FOLDER / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (FOLDER / "certificate.der").write_bytes(made.public_bytes(serialization.Encoding.DER))
    return files


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def get_request(self):
        # The handshake is done by the thread of the connection.
        connection, address = super().get_request()
        connection.settimeout(20)
        wrapped = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return wrapped, address

    def shutdown_request(self, request):
        try:
            # Says that it was all.
            request = request.unwrap()
        except (OSError, ValueError):
            pass
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        """A client that goes away is the client's business."""


class Handler(WSGIRequestHandler):
    def get_environ(self):
        # What tells Django that a request came by https.
        return super().get_environ() | {"wsgi.url_scheme": "https", "HTTPS": "on"}

    def log_message(self, *_):
        pass


def main():
    (FOLDER / "login.html").write_text(LOGIN_PAGE)
    call_command("migrate", run_syncdb=True, verbosity=0)
    get_user_model().objects.create_user(USER, password=PASSWORD)
    # Signs that Basic has to encode (RFC 6749 §2.3.1).
    secret = "s+e%c r/e:t&" + secrets.token_urlsafe(16)
    application = models.get_application_model().objects.create(
        name="Onhand",
        client_type="confidential",
        authorization_grant_type="authorization-code",
        client_secret=secret,
        redirect_uris=REDIRECT_URI,
    )
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Handler)
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(*certificate())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say(
        {
            "origin": f"https://localhost:{server.server_port}",
            "certificate": str(FOLDER / "certificate.der"),
            "client_id": application.client_id,
            "client_secret": secret,
        }
    )
    for line in sys.stdin:
        say(command(line.strip()))


def say(value):
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main()
