"""The product's own settings in a test's environment: a data folder of its own, the fetched models, no .env.

pytest-django reads settings before any conftest, so the environment is set here. Nothing is overridden: what tests
run is config.settings.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
_OURS = tempfile.mkdtemp(prefix="tenkyo-tests-")
atexit.register(shutil.rmtree, _OURS, ignore_errors=True)

os.environ["TENKYO_DATA"] = _OURS
os.environ.setdefault("MODELS_DIR", str(REPOSITORY / "var" / "models"))
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
# Programs that tests start read the same environment, but make no further folder.
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
# The synchronous browser driver runs inside an event loop of its own, where Django would refuse every query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from config.settings import *  # noqa: E402, F403 - the environment above must come first
