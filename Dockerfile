# syntax=docker/dockerfile:1
# Two stages: packages are installed in the first, the second holds no build tool, no cache and no secret.

FROM python:3.11-slim AS packages
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /build
COPY requirements/torch.txt requirements/runtime.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --index-url "$TORCH_INDEX" --extra-index-url https://pypi.org/simple -r torch.txt \
    && /opt/venv/bin/pip install --no-cache-dir -r runtime.txt
COPY locale /build/locale
RUN for po in /build/locale/*/LC_MESSAGES/django.po; do /opt/venv/bin/pybabel compile -i "$po" -o "${po%.po}.mo"; done

FROM python:3.11-slim
# Turned pages and vertical Japanese among scans; rapidocr, which reads the rest, is a Python package.
RUN apt-get update \
    && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-jpn tesseract-ocr-jpn-vert \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --user-group --no-create-home tenkyo \
    && install -d -o tenkyo -g tenkyo /data /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 HOME=/tmp
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY config config
COPY ingestion ingestion
COPY assistant assistant
COPY templates templates
COPY docker/healthy.py docker/healthy.py
COPY --from=packages /build/locale locale
USER tenkyo
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--lifespan", "off"]
