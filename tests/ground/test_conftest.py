"""The ground itself: both databases answer, nothing outside this machine can be reached."""

import socket

import pytest
from sqlalchemy import create_engine, text


def test_fresh_database_is_empty(database_url: str, backend: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE customer (name varchar(40) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO customer VALUES ('王秀兰')"))
        assert connection.execute(text("SELECT name FROM customer")).scalar_one() == "王秀兰"
    assert engine.dialect.name == backend
    engine.dispose()


def test_outside_is_out_of_reach() -> None:
    with socket.socket() as outside, pytest.raises(ConnectionRefusedError, match=r"tests may not reach"):
        outside.connect(("192.0.2.1", 443))
    with pytest.raises(socket.gaierror, match="tests may not look up"):
        socket.getaddrinfo("example.com", 443)


def test_loopback_is_within_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()
