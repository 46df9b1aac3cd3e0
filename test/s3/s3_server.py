"""An S3 server for tests: S3Proxy over a folder."""

import os
import pathlib
import re
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# For the environment of who asks it.
KEYS = {"AWS_ACCESS_KEY_ID": "test-access", "AWS_SECRET_ACCESS_KEY": "test-secret"}


def jar():
    version = re.search(r'^S3PROXY_VERSION="(.*)"$', (ROOT / "versions.env").read_text(), re.M).group(1)
    caches = os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))
    cache = os.environ.get("CASTOR_CACHE", os.path.join(caches, "castor"))
    path = os.path.join(cache, "third_party", f"s3proxy-{version}", "s3proxy.jar")
    assert os.path.exists(path), f"{path} is missing: run scripts/setup.sh tests"
    return path


class S3Server:
    """Runs until it is killed. Its buckets are the folders of `folder`: there is one, `lake`."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(os.path.join(folder, "lake"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        with open(folder + ".properties", "w", encoding="utf-8") as properties:
            properties.write(
                f"s3proxy.endpoint=http://127.0.0.1:{self.port}\n"
                "s3proxy.authorization=aws-v2-or-v4\n"
                f"s3proxy.identity={KEYS['AWS_ACCESS_KEY_ID']}\n"
                f"s3proxy.credential={KEYS['AWS_SECRET_ACCESS_KEY']}\n"
                "jclouds.provider=filesystem\n"
                f"jclouds.filesystem.basedir={folder}\n"
            )
        with open(folder + ".log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                ["java", "-XX:TieredStopAtLevel=1", "-jar", jar(), "--properties", properties.name],
                stdout=log,
                stderr=log,
            )
        self._wait()

    def _wait(self, timeout=300):
        deadline = time.monotonic() + timeout
        while self.process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the S3 server does not start")

    @property
    def endpoint(self):
        return f"s3.endpoint=http://127.0.0.1:{self.port}"

    def objects(self, prefix):
        """Names of the objects of the bucket `lake` that begin so."""
        bucket = os.path.join(self.folder, "lake")
        names = (os.path.relpath(os.path.join(at, file), bucket) for at, _, files in os.walk(bucket) for file in files)
        return sorted(name for name in names if name.startswith(prefix))

    def kill(self):
        self.process.kill()
        self.process.wait()
