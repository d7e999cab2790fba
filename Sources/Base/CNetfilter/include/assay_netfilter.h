#ifndef ASSAY_NETFILTER_H
#define ASSAY_NETFILTER_H

#include <stddef.h>
#include <stdint.h>

/* Sockets of the packet filter. Every function returns a negative errno on failure and waits a bounded time. */

/* Opens a NETLINK_NETFILTER socket whose sends and receives fail with EAGAIN after `timeout_ms`. */
int assay_netfilter_open(int timeout_ms);

/* Sends one request to the kernel. */
int assay_netfilter_send(int socket, const void *request, size_t length);

/*
 * Receives one datagram and returns its length. A datagram longer than `capacity` is -EMSGSIZE; one that the kernel did
 * not send is -EPROTO.
 */
long assay_netfilter_receive(int socket, void *buffer, size_t capacity);

/* Closes the socket. */
void assay_netfilter_close(int socket);

/* The size of struct ipt_getinfo and struct ip6t_getinfo. */
#define ASSAY_XTABLES_INFO_SIZE 84

/*
 * Reads the header of a legacy table ("filter") into `info`, ASSAY_XTABLES_INFO_SIZE bytes. `version` is 4 or 6. The
 * kernel loads the table's module when it is not there: ask /proc/net/ip_tables_names first.
 */
int assay_xtables_info(int version, const char *table, void *info);

/* Reads the entries of a legacy table into `entries`; `size` is the one that the header names. */
int assay_xtables_entries(int version, const char *table, void *entries, uint32_t size);

#endif
