# Two images: `docker build --target suite .` judges a deployment, `docker build --target mock .` is the reference server.

FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY spec spec
COPY mockserver mockserver
COPY conformance conformance
COPY fixtures fixtures
RUN python -m venv --without-pip /opt/startocr && \
    pip --python /opt/startocr/bin/python install --quiet --no-cache-dir --constraint constraints.txt .

FROM python:3.13-slim AS installed
COPY --from=build /opt/startocr /opt/startocr
ENV PATH=/opt/startocr/bin:$PATH PYTHONUNBUFFERED=1
# The folder of profiles and reports, unless another one is mounted there.
RUN install --directory --owner=10001 --group=10001 /work
WORKDIR /work
USER 10001:10001

FROM installed AS suite
ENTRYPOINT ["startocr-conformance"]
CMD ["--help"]

# Asks for STARTOCR_MOCK_HOOKS_TOKEN when it is run: others can reach it, and hooks create accounts.
FROM installed AS mock
ENV STARTOCR_MOCK_HOST=0.0.0.0 STARTOCR_MOCK_PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["python", "-c", "\
import http.client, os, sys; \
server = http.client.HTTPConnection('127.0.0.1', os.environ['STARTOCR_MOCK_PORT'], timeout=4); \
server.request('GET', '/api/account', headers={'Authorization': 'Bearer sk_test_works'}); \
sys.exit(server.getresponse().status != 200)"]
ENTRYPOINT ["startocr-mock"]
CMD ["serve"]
