"""A company's LDAP server, Debian's slapd, in its own process on this machine: people, groups, groups in groups."""

import datetime as dt
import ipaddress
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SLAPD = "/usr/sbin/slapd"
APT_LINE = "apt-get install -y slapd"
BASE, ADMIN, ADMIN_PASSWORD = "dc=example,dc=co,dc=jp", "cn=admin,dc=example,dc=co,dc=jp", "searching and finding"
WAIT_SECONDS = 20
CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCertificateFile {folder}/certificate.pem
TLSCertificateKeyFile {folder}/key.pem
disallow bind_anon
database mdb
suffix "{base}"
rootdn "{admin}"
rootpw "{password}"
directory {folder}/data
"""
PEOPLE = {"hanako": ("山田", "花子"), "taro": ("鈴木", "太郎"), "double": ("一", "人")}
PASSWORD = "correct horse battery"


@dataclass
class Company:
    """The running server. `say(...)`: change an entry as its administrator."""

    plain: str
    tls: str
    certificate: Path
    port: int

    def say(self, dn, changes):
        """Modify an entry, with ldap3's own changes."""
        import ldap3

        there = ldap3.Server("127.0.0.1", self.port, get_info=ldap3.NONE)
        with ldap3.Connection(there, ADMIN, ADMIN_PASSWORD, raise_exceptions=True, check_names=False) as connection:
            connection.modify(dn, changes)


def person_dn(name):
    return f"uid={name},ou=people,{BASE}"


def group_dn(name):
    return f"cn={name},ou=groups,{BASE}"


@contextmanager
def slapd_running(folder):
    """The server, while it runs in this folder."""
    (folder / "data").mkdir()
    _certify(folder)
    config = folder / "slapd.conf"
    config.write_text(CONFIG.format(folder=folder, base=BASE, admin=ADMIN, password=ADMIN_PASSWORD))
    plain, tls = _free_port(), _free_port()
    addresses = f"ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{tls}"
    command = [SLAPD, "-d", "0", "-f", str(config), "-h", addresses]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _until_up(plain, process)
        _fill(plain)
        yield Company(f"ldap://127.0.0.1:{plain}", f"ldaps://127.0.0.1:{tls}", folder / "certificate.pem", plain)
    finally:
        process.terminate()
        process.wait(10)


def is_there():
    return shutil.which(SLAPD) is not None


def _fill(port):
    import ldap3

    there = ldap3.Server("127.0.0.1", port, get_info=ldap3.NONE)
    with ldap3.Connection(there, ADMIN, ADMIN_PASSWORD, raise_exceptions=True, check_names=False) as connection:
        connection.add(BASE, ["dcObject", "organization"], {"dc": "example", "o": "Example"})
        for unit in ("people", "groups", "more"):
            connection.add(f"ou={unit},{BASE}", "organizationalUnit", {"ou": unit})
        for name, (last, first) in PEOPLE.items():
            said = {"cn": f"{last} {first}", "sn": last, "givenName": first, "mail": f"{name}@example.co.jp"}
            connection.add(person_dn(name), "inetOrgPerson", {**said, "uid": name, "userPassword": PASSWORD})
        twin = {"cn": "double", "sn": "double", "uid": "double", "userPassword": PASSWORD}
        connection.add(f"uid=double,ou=more,{BASE}", "inetOrgPerson", twin)
        for group, members in {
            "Bearings": [person_dn("hanako")],
            "Maintenance": [group_dn("Bearings")],
            "Plant": [group_dn("Maintenance"), group_dn("Plant")],
            "Office": [person_dn("taro")],
        }.items():
            connection.add(group_dn(group), "groupOfNames", {"cn": group, "member": members})


def _certify(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _until_up(port, process):
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    message = f"slapd did not start: {process.poll()}"
    raise RuntimeError(message)
