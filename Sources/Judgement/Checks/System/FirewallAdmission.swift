/// What a row's parameter `accept` lets in: services and ports, with commas between them (`ssh,443,53/udp`).
struct FirewallAdmission {
    private static let wellKnown = ["ssh": "22/tcp", "http": "80/tcp", "https": "443/tcp"]

    private var services: Set<String> = []
    /// `number/protocol`.
    private var ports: Set<String> = []

    init(_ parameter: String) {
        for word in parameter.lowercased().split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) {
            if word.first?.isNumber == true {
                ports.insert(word.contains("/") ? word : word + "/tcp")
            } else {
                services.insert(word)
                if let port = FirewallAdmission.wellKnown[word] { ports.insert(port) }
            }
        }
        // An answer to this machine's own request, to a group of which only servers are members.
        services.insert("dhcpv6-client")
        ports.insert("546/udp")
    }

    /// Whether `accepted` may be let in: a text of the facts, which ends in its kind.
    func admits(_ accepted: String) -> Bool {
        // Replies, loopback and the ICMP that networks need are no services.
        if ["(loopback)", "(established)", "(icmp)"].contains(where: { accepted.hasSuffix($0) }) { return true }
        let words = accepted.split(separator: " ").map { $0.lowercased() }
        if let index = words.firstIndex(of: "service"), index + 1 < words.count {
            return services.contains(words[index + 1])
        }
        guard let index = words.firstIndex(of: "dport"), index > 0, index + 1 < words.count else { return false }
        let list = words[index + 1].split(separator: ",")
        return !list.isEmpty && list.allSatisfy { ports.contains("\($0)/\(words[index - 1])") }
    }
}
