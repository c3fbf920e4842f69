"""Where the server listens, and where it refuses to."""

import asyncio
import socket

import pytest

from dawsos.api.serving import bind, is_loopback, require_safe_address
from dawsos.kernel.errors import Conflict, Invalid
from dawsos.settings import Settings

EVERYWHERE = ".".join("0000")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]"])
def test_this_machine_is_safe(host):
    assert is_loopback(host)
    require_safe_address(Settings(host=host), exposed=False)


@pytest.mark.parametrize("host", [EVERYWHERE, "192.168.1.5", "::", "dawsos.example.org", ""])
def test_any_other_address_needs_tls_or_a_word_for_it(host):
    with pytest.raises(Invalid) as caught:
        require_safe_address(Settings(host=host), exposed=False)
    assert caught.value.code == "unsafe_address"
    assert "DAWSOS_SECURE_COOKIES" in caught.value.remedy
    require_safe_address(Settings(host=host, secure_cookies=True), exposed=False)
    require_safe_address(Settings(host=host), exposed=True)


def test_port_0_takes_a_free_one():
    with bind("127.0.0.1", 0) as one, bind("127.0.0.1", 0) as two:
        assert one.getsockname()[1] != two.getsockname()[1]


async def test_answers_are_sent_without_delay():
    served: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def answer(_reader, writer):
        served.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with bind("127.0.0.1", 0) as listener:
        server = await asyncio.start_server(answer, sock=listener)
        async with server:
            _, writer = await asyncio.open_connection(*listener.getsockname())
            assert await served
            writer.close()


def test_a_port_that_is_taken_is_named():
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Conflict, match=f"Port {port} of 127.0.0.1 cannot be used") as caught:
            bind("127.0.0.1", port)
    assert "DAWSOS_PORT" in caught.value.remedy


def test_an_address_of_the_other_family_is_bound_too():
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with bind("::1", 0) as listener:
        assert listener.family == socket.AF_INET6
