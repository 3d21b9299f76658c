"""What the reading process takes from itself before it opens a file: memory, files, privileges, the network."""

import ctypes
import platform
import resource
import struct
import sys
from errno import EACCES

_OPEN_FILES = 64
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_PR_SET_PDEATHSIG, _SIGKILL = 1, 9
_PR_SET_NO_NEW_PRIVS = 38
# machine → (its AUDIT_ARCH in the kernel's headers, number of socket(2)); io_uring_setup(2) is 425 on all.
_ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_IO_URING_SETUP = 425
_X32_CALLS = 0x40000000
# Classic BPF (linux/bpf_common.h): load a word of the call's description, jump, return a verdict.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | EACCES


def confine(memory: int) -> None:
    """Limit this process and what it starts to `memory` bytes of address space, no file writes and no network."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    if sys.platform.startswith("linux"):
        _leave_network(ctypes.CDLL(None, use_errno=True))


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the one that started it ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def _leave_network(libc: ctypes.CDLL) -> None:
    """No new sockets, by a filter that containers allow; and an empty network namespace where the kernel lets us."""
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    known = _ARCHITECTURES.get(platform.machine())
    if known:
        _filter_calls(libc, *known)


def _filter_calls(libc: ctypes.CDLL, architecture: int, socket_call: int) -> None:
    steps = (
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 0, 5, architecture),  # calls of another architecture would have other numbers: refused
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, 3, 0, _X32_CALLS),
        (_EQUAL, 2, 0, socket_call),
        (_EQUAL, 1, 0, _IO_URING_SETUP),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(code)))
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0)
