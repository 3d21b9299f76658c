"""Exit 0 if the web service of this container answers /healthz: the compose file's health check."""

from http.client import HTTPConnection

connection = HTTPConnection("127.0.0.1", 8000, timeout=4)
# As the proxy would ask: otherwise the answer is a redirect to HTTPS.
connection.request("GET", "/healthz", headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
if connection.getresponse().status != 200:  # noqa: PLR2004 - HTTP's own number
    raise SystemExit(1)
