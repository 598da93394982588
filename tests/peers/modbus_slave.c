/* A Modbus slave of other authors (libmodbus) for the tests: tcp PORT (0: any) or rtu TTY BAUD.
   Prints "ready PORT" and serves until its standard input ends.
   input 0..3 = -53 614 1 57920, input 8..9 = 3.25 (big words first), holding 10 = 500,
   discrete 2 = 1; 16 bits and 64 registers of each kind, addresses beyond are refused. */
#include <arpa/inet.h>
#include <errno.h>
#include <modbus.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static modbus_mapping_t *make_map(void) {
    modbus_mapping_t *map = modbus_mapping_new(16, 16, 64, 64);
    uint16_t start[] = {(uint16_t)-53, 614, 1, 57920};
    memcpy(map->tab_input_registers, start, sizeof start);
    map->tab_input_registers[8] = 0x4050;
    map->tab_input_registers[9] = 0x0000;
    map->tab_registers[10] = 500;
    map->tab_input_bits[2] = 1;
    return map;
}

/* Wait until fd has something; 0: standard input ended first. */
static int wait_for(int fd) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    FD_SET(STDIN_FILENO, &set);
    if (select((fd > STDIN_FILENO ? fd : STDIN_FILENO) + 1, &set, NULL, NULL, NULL) < 0) return 0;
    return FD_ISSET(fd, &set);
}

static void serve(modbus_t *ctx, modbus_mapping_t *map) {
    uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
    while (wait_for(modbus_get_socket(ctx))) {
        int length = modbus_receive(ctx, request);
        if (length > 0) modbus_reply(ctx, request, length, map);
        else if (length < 0 && errno == ECONNRESET) return;
    }
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    int is_tcp = !strcmp(argv[1], "tcp");
    modbus_t *ctx = is_tcp ? modbus_new_tcp("127.0.0.1", atoi(argv[2]))
                           : modbus_new_rtu(argv[2], argc > 3 ? atoi(argv[3]) : 9600, 'N', 8, 1);
    modbus_mapping_t *map = make_map();
    modbus_set_slave(ctx, 1);
    if (is_tcp) {
        int listener = modbus_tcp_listen(ctx, 1);
        struct sockaddr_in at;
        socklen_t size = sizeof at;
        if (listener < 0 || getsockname(listener, (struct sockaddr *)&at, &size) < 0) return 1;
        printf("ready %d\n", ntohs(at.sin_port));
        fflush(stdout);
        if (wait_for(listener) && modbus_tcp_accept(ctx, &listener) >= 0) serve(ctx, map);
        close(listener);
    } else {
        if (modbus_connect(ctx) < 0) return 1;
        printf("ready 0\n");
        fflush(stdout);
        serve(ctx, map);
    }
    modbus_close(ctx);
    modbus_mapping_free(map);
    modbus_free(ctx);
    return 0;
}
