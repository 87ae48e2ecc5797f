/*
 * The same as ZmqPeer, by libzmq itself: zmqpeer ROLE ADDRESS BYTES ROUNDS COUNT. Prints as it does. Compiled by LibZmq where a
 * compiler and libzmq's header are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

/* As Meter.WARM_UP. */
#define WARM_UP 40

static void *context;
static const char *address;
static size_t bytes;
static int rounds;
static int count;

static void fail(const char *what)
{
    fprintf(stderr, "zmqpeer: %s: %s\n", what, zmq_strerror(zmq_errno()));
    exit(1);
}

static long long nanos(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void *bound(int type)
{
    void *socket = zmq_socket(context, type);
    char where[256];
    size_t length = sizeof where;
    if (!socket || zmq_bind(socket, "tcp://127.0.0.1:*") || zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, where, &length))
        fail("bind");
    printf("ready %s\n", where);
    fflush(stdout);
    return socket;
}

static void *connected(int type)
{
    void *socket = zmq_socket(context, type);
    if (!socket || zmq_connect(socket, address))
        fail("connect");
    return socket;
}

static void *buffer(void)
{
    void *message = calloc(1, bytes);
    if (!message)
        exit(1);
    return message;
}

static void sent(void *socket, const void *message, size_t length)
{
    if (zmq_send(socket, message, length, 0) < 0)
        fail("send");
}

static void received(void *socket, void *message)
{
    if (zmq_recv(socket, message, bytes, 0) < 0)
        fail("receive");
}

static void echo(void)
{
    void *socket = bound(ZMQ_REP);
    void *message = buffer();
    for (;;) {
        received(socket, message);
        sent(socket, message, bytes);
    }
}

static int compare(const void *a, const void *b)
{
    long long x = *(const long long *) a;
    long long y = *(const long long *) b;
    return (x > y) - (x < y);
}

static void ask(void)
{
    void *socket = connected(ZMQ_REQ);
    void *message = buffer();
    long long *times = calloc(count, sizeof *times);
    if (!times)
        exit(1);
    /* Those of a first round do not count. */
    for (int round = -1; round < rounds; round++) {
        long long from = nanos();
        for (int i = 0; i < count; i++) {
            long long begin = nanos();
            sent(socket, message, bytes);
            received(socket, message);
            times[i] = nanos() - begin;
        }
        long long all = nanos() - from;
        qsort(times, count, sizeof *times, compare);
        if (round >= 0)
            printf("%lld %lld\n", times[count / 2], all / count);
    }
}

/* Says when it has got all of a round. */
static void sink(void)
{
    void *socket = bound(ZMQ_PAIR);
    void *message = buffer();
    for (;;) {
        for (int i = 0; i < count; i++)
            received(socket, message);
        sent(socket, message, 1);
    }
}

static void flood(void)
{
    void *socket = connected(ZMQ_PAIR);
    void *message = buffer();
    char token;
    for (int round = -WARM_UP; round < rounds; round++) {
        long long begin = nanos();
        for (int i = 0; i < count; i++)
            sent(socket, message, bytes);
        if (zmq_recv(socket, &token, 1, 0) < 0)
            fail("receive");
        if (round >= 0)
            printf("%lld\n", (nanos() - begin) / count);
    }
}

int main(int words, char **word)
{
    if (words != 6) {
        fprintf(stderr, "zmqpeer: ROLE ADDRESS BYTES ROUNDS COUNT\n");
        return 2;
    }
    context = zmq_ctx_new();
    address = word[2];
    bytes = strtoul(word[3], 0, 10);
    rounds = atoi(word[4]);
    count = atoi(word[5]);
    if (!strcmp(word[1], "echo"))
        echo();
    else if (!strcmp(word[1], "client"))
        ask();
    else if (!strcmp(word[1], "sink"))
        sink();
    else if (!strcmp(word[1], "flood"))
        flood();
    else
        return 2;
    return 0;
}
