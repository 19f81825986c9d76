# The image: the same package as on a machine (docs/operations.md), built, installed, and nothing else.
# Each step is a plain command that can be run by hand; a test does. The bases are named by exact tags. A tag can
# be pushed again: whoever builds for a county puts the digest that he has checked behind it (NAME:TAG@sha256:...).

FROM docker.io/library/node:24.11.1-bookworm-slim AS build
# The project's own Node comes with the dependencies; Node 26 for Linux is linked against libatomic.
RUN apt-get update && apt-get install -y --no-install-recommends libatomic1 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json LICENSE README.md ./
COPY packaging packaging
COPY protocol protocol
COPY journal journal
COPY config config
COPY docs docs
COPY src src
RUN npm run package
WORKDIR /opt/msc
RUN tar -xzf /build/msc-*.tgz --strip-components=1 && npm ci --omit=dev --ignore-scripts

FROM docker.io/library/debian:bookworm-20260918-slim
RUN apt-get update && apt-get install -y --no-install-recommends libatomic1 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 990 --user-group --home-dir /var/lib/msc --shell /usr/sbin/nologin msc \
 && install -d -o msc -g msc -m 0700 /var/lib/msc \
 && install -d -o msc -g msc -m 0755 /run/msc
COPY --from=build /opt/msc /opt/msc
ENV PATH=/opt/msc/node_modules/.bin:/usr/local/bin:/usr/bin:/bin MALLOC_ARENA_MAX=2
# By number, so that whoever starts it can see that it is not root.
USER 990
WORKDIR /var/lib/msc
# It writes here, in /run/msc and in /tmp, and nowhere else: the root may be read-only.
VOLUME ["/var/lib/msc"]
# Stations connect to the port of the configuration; 7443 in the example. Nothing below 1024.
EXPOSE 7443
# It is gone 30 s later at the latest: give it 35 (`docker run --stop-timeout 35`).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
 CMD ["/opt/msc/node_modules/.bin/node", "/opt/msc/src/cli/msc.js", "health", "ready"]
ENTRYPOINT ["/opt/msc/node_modules/.bin/node", "--disable-proto=delete", "--unhandled-rejections=strict", "--max-semi-space-size=8", "/opt/msc/src/cli/msc.js"]
CMD ["serve", "--config", "/etc/msc/msc.toml"]
