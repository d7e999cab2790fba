/// A set of short names that a symbol table's bytes are matched against without making a string of each symbol.
///
/// Open addressing over FNV-1a hashes; a name's number is its position in the array that the table was made from.
struct NameTable: Hashable, Sendable {
    /// Names are at most this long; a longer symbol cannot match.
    static let longest = 48

    let names: [String]
    private let storage: [UInt8]
    private let starts: [Int]
    private let slots: [Int32]
    private let mask: Int

    init(_ names: [String]) {
        var storage: [UInt8] = []
        var starts: [Int] = []
        var capacity = 16
        while capacity < names.count * 4 { capacity *= 2 }
        var slots = [Int32](repeating: -1, count: capacity)
        for (number, name) in names.enumerated() {
            starts.append(storage.count)
            storage.append(contentsOf: name.utf8)
            var slot = Int(NameTable.hash(name.utf8)) & (capacity - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = Int32(number)
        }
        starts.append(storage.count)
        self.names = names
        self.storage = storage
        self.starts = starts
        self.slots = slots
        mask = capacity - 1
    }

    /// The FNV-1a hash of a name.
    static func hash(_ name: some Sequence<UInt8>) -> UInt32 {
        var value: UInt32 = 0x811C_9DC5
        for byte in name { value = (value ^ UInt32(byte)) &* 0x0100_0193 }
        return value
    }

    /// The number of the name at `start` in `bytes`, whose hash the caller has, or nil.
    func number(_ bytes: [UInt8], _ start: Int, _ count: Int, hash: UInt32) -> Int? {
        var slot = Int(hash) & mask
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if starts[number + 1] - starts[number] == count {
                var index = 0
                let base = starts[number]
                while index < count, storage[base + index] == bytes[start + index] { index += 1 }
                if index == count { return number }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }
}
