# Playhead's roles apart (`serve`, `process`, `simulate`, `tail`, …), with Kafka and ClickHouse elsewhere. The embedded engine is
# left out, which is two thirds of what would be in here; docs/containers.md says more.
ARG NODE=node:24.21.0-bookworm-slim
ARG JAVA=eclipse-temurin:17.0.20_8-jre-jammy
ARG MAVEN=maven:3.9.16-eclipse-temurin-17

FROM ${NODE} AS page
WORKDIR /playhead
COPY package.json package-lock.json .npmrc ./
# The page's tools bring their binaries as packages, so nobody's install script has to run.
RUN npm ci --omit=dev --ignore-scripts
COPY . .
RUN node --input-type=module --eval "import { ensurePage } from './scripts/page.mjs'; await ensurePage()"

FROM ${NODE} AS packages
WORKDIR /playhead
COPY package.json package-lock.json .npmrc ./
COPY scripts/server-packages.ts scripts/
# What only the page is made of stays in the stage above; the versions of the rest are those of the lockfile.
RUN node scripts/server-packages.ts \
    && npm install --omit=dev --ignore-scripts --loglevel=error \
    && rm -rf node_modules/@chdb

FROM ${NODE} AS server
ENV NODE_ENV=production \
    UV_THREADPOOL_SIZE=16 \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=1048576 \
    MALLOC_TRIM_THRESHOLD_=1048576 \
    HOST=0.0.0.0
WORKDIR /playhead
COPY package.json ./
COPY --from=packages /playhead/node_modules node_modules
COPY data data
COPY schema schema
COPY scripts/healthcheck.mjs scripts/
COPY src src
COPY --from=page /playhead/dist/web dist/web
# The user `node` of the image, by number, so that whoever runs it can see that it is not root.
USER 1000:1000
EXPOSE 5000 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=2s \
    CMD ["node", "scripts/healthcheck.mjs"]
# Node itself is process 1: main.ts ends on SIGTERM by itself, and there are no children to look after.
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=8", "src/main.ts"]
CMD ["serve"]

# What `docker build --target connect` adds for `playhead connect`: a Java, and the jars of Kafka Connect and its connectors, so
# that nothing is fetched when it starts.
FROM ${JAVA} AS java

FROM ${MAVEN} AS maven

FROM ${NODE} AS jars
COPY --from=maven /opt/java/openjdk /opt/java/openjdk
COPY --from=maven /usr/share/maven /usr/share/maven
ENV JAVA_HOME=/opt/java/openjdk \
    PATH=/usr/share/maven/bin:/opt/java/openjdk/bin:$PATH
WORKDIR /playhead
COPY package.json ./
COPY scripts/jars.mjs scripts/progress.mjs scripts/
COPY kafka kafka
COPY connect connect
COPY src src
RUN node --disable-warning=ExperimentalWarning scripts/jars.mjs tools connect-rules connect-postgres

FROM server AS connect
COPY --from=java /opt/java/openjdk /opt/java/openjdk
# In memory (`--tmpfs /tmp`): its settings and its log, of which 40 MB are kept.
ENV JAVA_HOME=/opt/java/openjdk \
    PLAYHEAD_DATA=/tmp/playhead
COPY connect connect
COPY --from=jars /playhead/kafka kafka
CMD ["connect"]

# What is built where no target is named.
FROM server
