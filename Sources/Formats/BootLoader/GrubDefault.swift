extension GrubDefault {
    /// Finds the entry as GRUB's menu does: `$default` is a number, a title or an id, and `>` leads into a submenu.
    ///
    /// What does not exist stands for the first entry. Without a part for it, a submenu takes its own `$default`.
    init(in entries: [GrubEntry], variables state: GrubState, submenuDefaults: [[Int]: GrubValue]) {
        var menu = entries
        var wanted = state.value(of: "default")
        var missing = state.missing.first
        for _ in 0..<64 {
            guard !menu.isEmpty else {
                self = missing.map { .undecided(reason: $0) } ?? .none
                return
            }
            let (part, rest) = GrubDefault.split(wanted.text)
            let match = menu.firstIndex { entry in entry.title.text == part || entry.id?.text == part }
            var index = 0
            if let missing {
                self = .undecided(reason: missing)
                return
            }
            if menu.count > 1 || !menu[0].isCertain {
                if let doubt = wanted.doubts.first {
                    self = .undecided(reason: "default entry: \(doubt)")
                    return
                }
                if let number = GrubDefault.number(part) {
                    index = number < menu.count ? number : 0
                } else {
                    index = match ?? 0
                }
                if let entry = menu[...index].first(where: { !$0.isCertain }) {
                    self = .undecided(reason: "the entry at \(entry.location) depends on a condition that is not known")
                    return
                }
                if match == nil, let doubt = menu.lazy.flatMap({ $0.title.doubts + ($0.id?.doubts ?? []) }).first {
                    self = .undecided(reason: "title or id of an entry: \(doubt)")
                    return
                }
            }
            let entry = menu[index]
            guard entry.isSubmenu else {
                self = .entry(entry)
                return
            }
            menu = entry.children
            missing = nil
            wanted =
                rest.map { GrubValue($0, doubts: wanted.doubts) } ?? submenuDefaults[entry.position] ?? GrubValue("")
        }
        self = .undecided(reason: "submenus nested too deeply")
    }

    /// The part before the first single `>` and what follows it; `>>` stands for `>`.
    private static func split(_ text: String) -> (String, String?) {
        var part: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: ">") {
                guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: ">") else {
                    return (
                        String(decoding: part, as: UTF8.self), String(decoding: bytes[(index + 1)...], as: UTF8.self)
                    )
                }
                index += 1
            }
            part.append(bytes[index])
            index += 1
        }
        return (String(decoding: part, as: UTF8.self), nil)
    }

    /// A number in the notation of C; nil for other text, and for a text that only begins with a number.
    private static func number(_ text: String) -> Int? {
        if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16).flatMap { $0 < 0 ? nil : $0 } }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !text.isEmpty else { return nil }
        return Int(text, radix: text.hasPrefix("0") && text.utf8.count > 1 ? 8 : 10)
    }
}
