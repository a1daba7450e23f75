FROM python:3.11-slim
WORKDIR /srv/xianglin
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN useradd --system xianglin && mkdir -p var && chown xianglin var
USER xianglin
ENV HOST=0.0.0.0 PYTHONUNBUFFERED=1
EXPOSE 8000
CMD ["python", "-m", "sanic", "app:create_app", "--factory", "--host=0.0.0.0", "--port=8000", "--fast"]
