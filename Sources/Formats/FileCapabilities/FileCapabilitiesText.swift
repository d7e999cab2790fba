extension FileCapabilities: CustomStringConvertible {
    /// The capabilities as `getcap -n` prints them, without the file's name: `cap_net_bind_service,cap_net_raw=ep`.
    ///
    /// The text form is that of cap_to_text(3): the commonest state of the named bits is the ground that the others stand
    /// out from; bits without a name are added by number. It assumes a kernel that knows the 41 names.
    /// https://man7.org/linux/man-pages/man3/cap_from_text.3.html
    public var description: String {
        guard let rootID, rootID != 0 else { return text }
        return text + " [rootid=\(rootID)]"
    }

    /// The text without the namespace's root.
    private var text: String {
        let named = Capability.names.count
        var counts = [Int](repeating: 0, count: 8)
        for bit in 0..<named { counts[state(of: bit)] += 1 }
        // On a tie libcap takes the emptier state.
        var ground = 7
        for candidate in (0..<7).reversed() where counts[candidate] >= counts[ground] { ground = candidate }

        var clauses: [String] = []
        for state in (0..<8).reversed() where state != ground {
            let names = (0..<named).filter { self.state(of: $0) == state }.map { Capability.names[$0] }
            guard !names.isEmpty else { continue }
            var clause = names.joined(separator: ",")
            let added = state & ~ground
            let removed = ground & ~state
            if added != 0 { clause += (ground == 0 && clauses.isEmpty ? "=" : "+") + letters(added) }
            if removed != 0 { clause += "-" + letters(removed) }
            clauses.append(clause)
        }
        for state in (1..<8).reversed() {
            let numbers = (named..<64).filter { self.state(of: $0) == state }.map { String($0) }
            guard !numbers.isEmpty else { continue }
            clauses.append(numbers.joined(separator: ",") + "+" + letters(state))
        }
        let hasPlainGround = ground == 0 && clauses.first.map { $0.utf8.contains(0x3D) } ?? false
        if !hasPlainGround { clauses.insert("=" + letters(ground), at: 0) }
        return clauses.joined(separator: " ")
    }

    /// 1 = effective, 2 = permitted, 4 = inheritable, of one bit.
    private func state(of bit: Int) -> Int {
        let isPermitted = permitted.rawValue >> UInt64(bit) & 1 == 1
        let isInheritable = inheritable.rawValue >> UInt64(bit) & 1 == 1
        let isInEffect = isEffective && (isPermitted || isInheritable)
        return (isInEffect ? 1 : 0) | (isPermitted ? 2 : 0) | (isInheritable ? 4 : 0)
    }

    /// The letters of a state, in libcap's order.
    private func letters(_ state: Int) -> String {
        (state & 1 != 0 ? "e" : "") + (state & 4 != 0 ? "i" : "") + (state & 2 != 0 ? "p" : "")
    }
}
