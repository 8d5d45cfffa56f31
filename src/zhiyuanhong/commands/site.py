"""The web site: start it, prepare its database, check its settings."""

import http.client
import os
import socket
import threading
import time
from argparse import Namespace

import click
import django
from django.conf import LazySettings, settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, SystemCheckError, handle_default_options
from django.db import OperationalError, connection
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from zhiyuanhong.commands.chinese import ChineseCommand
from zhiyuanhong.shared.refusals import RuleBroken

SETTINGS = "zhiyuanhong.config.settings"
APPLICATION = "zhiyuanhong.config.wsgi:application"
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # what a browser opens instead


def site_settings() -> LazySettings:
    """Load the settings of the site, which validates the environment."""
    if not settings.configured:
        handle_default_options(Namespace(settings=SETTINGS, pythonpath=None))
    django.setup()
    return settings


@click.command(cls=ChineseCommand)
def run() -> None:
    """启动网站：先更新数据库，再提供服务。"""
    site = site_settings()
    refuse_busy_port(site.SERVE_HOST, site.SERVE_PORT)
    BaseCommand().check()  # loads every page: what can't start should not half start
    update_database()
    call_command("collectstatic", interactive=False, verbosity=0)
    connection.close()  # the worker opens its own
    server().serve()


@click.command(cls=ChineseCommand)
def migrate() -> None:
    """建立或更新数据库。"""
    site_settings()
    update_database()
    click.echo("数据库已是最新。")


@click.command(cls=ChineseCommand)
@click.option("--deploy", is_flag=True, help="再问一遍正式上线要问的问题。")
def check(deploy: bool) -> None:
    """检查设置；--deploy 检查能否正式上线。"""
    site_settings()
    try:
        BaseCommand().check(include_deployment_checks=deploy)
    except SystemCheckError as error:
        click.echo(str(error), err=True)
        raise RuleBroken("check_failed", "检查没有通过，请按上面的说明改正。") from None
    click.echo("检查完毕。")


def update_database() -> None:
    try:
        connection.ensure_connection()
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise RuleBroken(
            "database_unreachable",
            f"连不上数据库（{reason}）：请检查 ZYH_DATABASE_URL，并确认数据库已启动。",
        ) from None


def refuse_busy_port(host: str, port: int) -> None:
    """Bind once ourselves: the server shares its port, and so would not notice another one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise RuleBroken(
                "port_busy",
                f"不能使用 {host} 的端口 {port}（{os.strerror(error.errno or 0)}）："
                "请停掉占用它的程序，或用 ZYH_PORT 换一个端口。",
            ) from None


def server() -> MPServer:
    """Granian as measured: one blocking thread on SQLite, where more only wait for each other."""
    sqlite = connection.vendor == "sqlite"
    granian = MPServer(
        APPLICATION,
        address=settings.SERVE_HOST,
        port=settings.SERVE_PORT,
        interface=Interfaces.WSGI,
        workers=1 if sqlite else max(2, os.cpu_count() or 1),
        blocking_threads=1 if sqlite else 4,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,  # a worker that hangs must not keep the site from stopping
    )
    granian.on_startup(lambda: threading.Thread(target=tell_when_ready, daemon=True).start())
    return granian


def tell_when_ready() -> None:
    """Print the url once the site really answers; the worker takes a moment to listen."""
    host = EVERYWHERE.get(settings.SERVE_HOST, settings.SERVE_HOST)
    base = settings.FORCE_SCRIPT_NAME or ""
    while not answers(host, settings.SERVE_PORT, f"{base}/trial/"):
        time.sleep(0.05)
    name = f"[{host}]" if ":" in host else host
    click.echo(f"志愿红已就绪：http://{name}:{settings.SERVE_PORT}{base}/ （按 Ctrl+C 停止）")


def answers(host: str, port: int, path: str) -> bool:
    site = http.client.HTTPConnection(host, port, timeout=60)
    try:
        site.request("GET", path)
        return bool(site.getresponse().status)
    except OSError:
        return False
    finally:
        site.close()
