#define _GNU_SOURCE
#include "assay_netfilter.h"

#include <errno.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

/* linux/netfilter_ipv4/ip_tables.h and linux/netfilter_ipv6/ip6_tables.h: both families use the same numbers. */
enum { SO_GET_INFO = 64, SO_GET_ENTRIES = 65, NAME_LENGTH = 32 };

/* struct ipt_get_entries up to its entries, which are aligned to eight bytes. */
struct entries_header {
    char name[NAME_LENGTH];
    uint32_t size;
    uint32_t padding;
};

int assay_netfilter_open(int timeout_ms) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
    if (fd < 0) return -errno;
    struct timeval timeout = { .tv_sec = timeout_ms / 1000, .tv_usec = (timeout_ms % 1000) * 1000L };
    struct sockaddr_nl self = { .nl_family = AF_NETLINK };
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0
        || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) != 0
        || bind(fd, (const struct sockaddr *)&self, sizeof self) != 0) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

int assay_netfilter_send(int socket, const void *request, size_t length) {
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    ssize_t sent = sendto(socket, request, length, 0, (const struct sockaddr *)&kernel, sizeof kernel);
    if (sent < 0) return -errno;
    return (size_t)sent == length ? 0 : -EIO;
}

long assay_netfilter_receive(int socket, void *buffer, size_t capacity) {
    struct sockaddr_nl sender = { 0 };
    struct iovec part = { .iov_base = buffer, .iov_len = capacity };
    struct msghdr message = {
        .msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &part, .msg_iovlen = 1,
    };
    ssize_t received;
    do {
        received = recvmsg(socket, &message, 0);
    } while (received < 0 && errno == EINTR);
    if (received < 0) return -errno;
    if (message.msg_flags & MSG_TRUNC) return -EMSGSIZE;
    if (message.msg_namelen != sizeof sender || sender.nl_pid != 0) return -EPROTO;
    return received;
}

void assay_netfilter_close(int socket) {
    close(socket);
}

static int open_raw(int version) {
    int family = version == 6 ? AF_INET6 : AF_INET;
    int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
    return fd < 0 ? -errno : fd;
}

/* Fills `buffer`, which begins with the table's name, and says how many bytes came back. */
static int ask(int version, int option, void *buffer, socklen_t *length) {
    int fd = open_raw(version);
    if (fd < 0) return fd;
    int level = version == 6 ? IPPROTO_IPV6 : IPPROTO_IP;
    int result = getsockopt(fd, level, option, buffer, length) == 0 ? 0 : -errno;
    close(fd);
    return result;
}

static int set_name(char name[NAME_LENGTH], const char *table) {
    size_t length = strlen(table);
    if (length >= NAME_LENGTH) return -EINVAL;
    memcpy(name, table, length + 1);
    return 0;
}

int assay_xtables_info(int version, const char *table, void *info) {
    socklen_t length = ASSAY_XTABLES_INFO_SIZE;
    memset(info, 0, ASSAY_XTABLES_INFO_SIZE);
    int result = set_name(info, table);
    if (result == 0) result = ask(version, SO_GET_INFO, info, &length);
    return result == 0 && length != ASSAY_XTABLES_INFO_SIZE ? -EPROTO : result;
}

int assay_xtables_entries(int version, const char *table, void *entries, uint32_t size) {
    size_t total = sizeof(struct entries_header) + (size_t)size;
    if (total > INT32_MAX) return -EFBIG;
    struct entries_header *answer = calloc(1, total);
    if (answer == NULL) return -ENOMEM;
    socklen_t length = (socklen_t)total;
    answer->size = size;
    int result = set_name(answer->name, table);
    if (result == 0) result = ask(version, SO_GET_ENTRIES, answer, &length);
    if (result == 0 && (length != total || answer->size != size)) result = -EPROTO;
    if (result == 0) memcpy(entries, answer + 1, size);
    free(answer);
    return result;
}
