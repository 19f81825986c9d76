# First version; the service issue makes it whole. Each step is a plain command that can be run by hand.
# The image carries the project's own Node (package node-linux-*); the base only brings npm and libc.

FROM docker.io/library/node:24-bookworm-slim AS build
WORKDIR /opt/msc
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY protocol protocol
COPY journal journal
COPY src src
COPY config config
COPY LICENSE README.md ./

FROM docker.io/library/debian:bookworm-slim
# Node 26 for Linux is linked against libatomic.
RUN apt-get update && apt-get install -y --no-install-recommends libatomic1 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 990 --home-dir /var/lib/msc --shell /usr/sbin/nologin msc \
 && install -d -o msc -g msc -m 0700 /var/lib/msc \
 && install -d -o msc -g msc -m 0755 /run/msc
COPY --from=build /opt/msc /opt/msc
ENV PATH=/opt/msc/node_modules/.bin:/usr/local/bin:/usr/bin:/bin
USER msc
WORKDIR /var/lib/msc
VOLUME ["/var/lib/msc"]
# Stations connect to the port of the configuration; 7443 in the example. Nothing below 1024.
EXPOSE 7443
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/msc/node_modules/.bin/node", "/opt/msc/src/cli/msc.js"]
CMD ["serve", "--config", "/etc/msc/msc.toml"]
