#!/usr/bin/env python3
"""A device in Python with paho: telemetry, a shadow and commands, against the box or AWS alike.

    python3 device.py --endpoint localhost --thing m1 --cert m1.cert.pem --key m1.key.pem --ca ca.pem

Needs paho-mqtt (Debian: python3-paho-mqtt), 1.6 or 2.x.
"""
import argparse
import json
import math
import time

import paho.mqtt.client as mqtt

parser = argparse.ArgumentParser()
parser.add_argument("--endpoint", default="localhost")
parser.add_argument("--port", type=int, default=8883)
parser.add_argument("--thing", required=True)
parser.add_argument("--trade", default="plant")
parser.add_argument("--cert", required=True)
parser.add_argument("--key", required=True)
parser.add_argument("--ca", required=True)
parser.add_argument("--every", type=float, default=1.0, help="seconds between readings")
parser.add_argument("--count", type=int, default=0, help="end after so many; 0 goes on")
args = parser.parse_args()

shadow = f"$aws/things/{args.thing}/shadow/update"
commands = f"cmd/{args.trade}/{args.thing}"
every = args.every
done = {}  # command id -> answer: the same command may come again


taken = acknowledged = 0


def send(client, topic, body):
    """While the line is down paho keeps the message and sends it with the next connection."""
    global taken
    info = client.publish(topic, json.dumps(body), qos=1)
    if info.rc == mqtt.MQTT_ERR_QUEUE_SIZE:
        print(f"the queue is full; lost: {body}", flush=True)
    else:
        taken += 1


def on_publish(client, userdata, mid, *more):
    global acknowledged
    acknowledged += 1


def report(client):
    send(client, shadow, {"state": {"reported": {"everyMs": round(every * 1000)}}})


def on_connect(client, userdata, flags, rc, properties=None):
    if rc != 0:
        print(f"refused: {rc}")
        return
    client.subscribe([(f"{shadow}/delta", 1), (f"{commands}/+/request", 1)])
    report(client)


def on_message(client, userdata, message):
    global every
    body = json.loads(message.payload)
    if message.topic.endswith("/delta"):
        wish = body.get("state", {}).get("everyMs")
        if isinstance(wish, (int, float)) and wish >= 100:
            every = wish / 1000
            report(client)
        return
    name = message.topic.split("/")[3]
    if body["expiresAt"] <= time.time() * 1000:
        return
    if body["id"] not in done:
        known = name == "blink"
        done[body["id"]] = {"status": "succeeded"} if known else {"status": "failed", "reason": f"no command {name}"}
    send(client, f"{commands}/{name}/response", {"id": body["id"], **done[body["id"]]})


# paho 2 wants to be told which callbacks are meant; paho 1 does not know the argument.
versions = getattr(mqtt, "CallbackAPIVersion", None)
options = {"client_id": args.thing, "clean_session": False}
client = mqtt.Client(versions.VERSION2, **options) if versions else mqtt.Client(**options)
client.tls_set(ca_certs=args.ca, certfile=args.cert, keyfile=args.key)
client.reconnect_delay_set(min_delay=1, max_delay=60)
client.max_queued_messages_set(10000)  # in memory; who must lose nothing takes a disk (../gateway)
client.on_connect = on_connect
client.on_message = on_message
client.on_publish = on_publish
while True:  # paho does not try the first connection again, and power may come back here before it does there
    try:
        client.connect(args.endpoint, args.port, keepalive=30)
        break
    except OSError as error:
        print(f"{error}; again in 5 s", flush=True)
        time.sleep(5)
client.loop_start()

topic = f"$aws/rules/telltale_{args.trade}/dt/{args.trade}/{args.thing}/telemetry"
sent = 0
while args.count == 0 or sent < args.count:
    now = time.time()
    reading = {"at": round(now * 1000), "measures": {"temperature": 20 + 5 * math.sin(now / 60)}}
    send(client, topic, reading)
    sent += 1
    time.sleep(every)
# Sent is not taken: QoS 1 is done when it was acknowledged.
until = time.time() + 120
while acknowledged < taken and time.time() < until:
    time.sleep(0.1)
client.disconnect()
client.loop_stop()
raise SystemExit(acknowledged < taken)
