/*
 * A device in C with libmosquitto: telemetry and commands, against the box or AWS alike.
 *
 *   cc -O2 -Wall -Wextra -pthread -o device device.c -lmosquitto -lm
 *   ./device localhost 8883 plant m1 ca.pem m1.cert.pem m1.key.pem [count]
 */
#include <errno.h>
#include <math.h>
#include <mosquitto.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *trade, *thing;
static atomic_long acknowledged;
static atomic_bool connected, ended;

static void on_disconnect(struct mosquitto *client, void *context, int rc) {
  (void)client;
  (void)context;
  (void)rc;
  connected = false;
}

static void on_publish(struct mosquitto *client, void *context, int mid) {
  (void)client;
  (void)context;
  (void)mid;
  acknowledged++;
}

static long long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_connect(struct mosquitto *client, void *context, int rc) {
  (void)context;
  char filter[300];
  if (rc != 0) {
    fprintf(stderr, "refused: %s\n", mosquitto_connack_string(rc));
    return;
  }
  connected = true;
  snprintf(filter, sizeof filter, "cmd/%s/%s/+/request", trade, thing);
  mosquitto_subscribe(client, NULL, filter, 1);
}

/* The id is all that an answer needs; a device with more to read takes a JSON library. */
static int id_of(const char *json, char *id, size_t size) {
  const char *at = strstr(json, "\"id\":\"");
  if (at == NULL) return 0;
  at += strlen("\"id\":\"");
  const char *end = strchr(at, '"');
  if (end == NULL || (size_t)(end - at) >= size) return 0;
  memcpy(id, at, (size_t)(end - at));
  id[end - at] = '\0';
  return 1;
}

static void on_message(struct mosquitto *client, void *context, const struct mosquitto_message *message) {
  (void)context;
  char body[4096], id[300], topic[400], answer[512], name[65];
  if (message->payloadlen <= 0 || (size_t)message->payloadlen >= sizeof body) return;
  memcpy(body, message->payload, (size_t)message->payloadlen);
  body[message->payloadlen] = '\0';
  if (!id_of(body, id, sizeof id)) return;
  if (sscanf(message->topic, "cmd/%*[^/]/%*[^/]/%64[^/]/request", name) != 1) return;
  const char *status = strcmp(name, "blink") == 0 ? "succeeded" : "failed";
  printf("command %s: %s\n", name, status);
  fflush(stdout);
  snprintf(topic, sizeof topic, "cmd/%s/%s/%s/response", trade, thing, name);
  int length = snprintf(answer, sizeof answer, "{\"id\":\"%s\",\"status\":\"%s\"}", id, status);
  mosquitto_publish(client, NULL, topic, length, answer, 1, false);
}

/* The library's own thread ends for good with what it takes for fatal: a TLS connection that is cut is among it. */
static void *keep_connected(void *context) {
  struct mosquitto *client = context;
  while (!ended) {
    const int rc = mosquitto_loop_forever(client, 1000, 1);
    if (ended) break;
    connected = false;
    fprintf(stderr, "%s; connecting again\n", mosquitto_strerror(rc));
    nanosleep(&(struct timespec){.tv_sec = 2}, NULL);
    mosquitto_reconnect(client);
  }
  return NULL;
}

int main(int argc, char **argv) {
  if (argc < 8) {
    fprintf(stderr, "usage: %s host port trade thing ca.pem cert.pem key.pem [count]\n", argv[0]);
    return 2;
  }
  trade = argv[3];
  thing = argv[4];
  const long count = argc > 8 ? strtol(argv[8], NULL, 10) : 0;
  mosquitto_lib_init();
  /* Not clean: what is sent while the device is away waits for it. */
  struct mosquitto *client = mosquitto_new(thing, false, NULL);
  if (client == NULL || mosquitto_tls_set(client, argv[5], NULL, argv[6], argv[7], NULL) != MOSQ_ERR_SUCCESS) {
    fprintf(stderr, "cannot read the certificates\n");
    return 1;
  }
  mosquitto_connect_callback_set(client, on_connect);
  mosquitto_message_callback_set(client, on_message);
  mosquitto_disconnect_callback_set(client, on_disconnect);
  mosquitto_publish_callback_set(client, on_publish);
  mosquitto_reconnect_delay_set(client, 1, 60, true);
  /* The first connection is not tried again by the library, and power may come back here before it does there. */
  for (int rc; (rc = mosquitto_connect(client, argv[1], atoi(argv[2]), 30)) != MOSQ_ERR_SUCCESS;) {
    fprintf(stderr, "%s; again in 5 s\n", rc == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(rc));
    nanosleep(&(struct timespec){.tv_sec = 5}, NULL);
  }
  pthread_t network;
  mosquitto_threaded_set(client, true);
  if (pthread_create(&network, NULL, keep_connected, client) != 0) return 1;
  char topic[500], body[200];
  snprintf(topic, sizeof topic, "$aws/rules/telltale_%s/dt/%s/%s/telemetry", trade, trade, thing);
  for (long sent = 0; count == 0 || sent < count; sent++) {
    /* libmosquitto must not write from this thread while the other one is still shaking hands. */
    while (!connected) nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    const long long at = now_ms();
    const double temperature = 20.0 + 5.0 * sin((double)at / 60000.0);
    int length = snprintf(body, sizeof body, "{\"at\":%lld,\"measures\":{\"temperature\":%.3f}}", at, temperature);
    mosquitto_publish(client, NULL, topic, length, body, 1, false);
    nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 0}, NULL);
  }
  /* Sent is not taken: QoS 1 is done when it was acknowledged. */
  for (int waited = 0; acknowledged < count && waited < 600; waited++)
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
  ended = true;
  mosquitto_disconnect(client);
  pthread_join(network, NULL);
  mosquitto_destroy(client);
  mosquitto_lib_cleanup();
  return acknowledged < count ? 1 : 0;
}
