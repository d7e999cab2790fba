/// A valid unit name, taken apart.
///
/// The rules are systemd.unit(5), "Description":
/// https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html.
public struct UnitName: Hashable, Sendable {
    /// The part after the last dot of a unit name.
    public enum UnitType: String, Hashable, Sendable, CaseIterable {
        /// A daemon or command.
        case service
        /// A socket that starts a service.
        case socket
        /// A device of udev.
        case device
        /// A mount point.
        case mount
        /// A mount point on demand.
        case automount
        /// A swap device or file.
        case swap
        /// A group of units.
        case target
        /// A watched path that starts a service.
        case path
        /// A timer that starts a service.
        case timer
        /// A node of the control group tree.
        case slice
        /// A group of foreign processes.
        case scope
    }

    /// The whole name.
    public let text: String
    /// The name up to the first `@`, or up to the type.
    public let prefix: String
    /// What stands between the first `@` and the type: nil for a plain name, empty for a template.
    public let instance: String?
    /// The unit's type.
    public let type: UnitType

    /// Takes `text` apart, or gives nil when it is not a valid unit name.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count < 256, let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0,
            let type = UnitType(rawValue: String(decoding: bytes[(dot + 1)...], as: UTF8.self))
        else { return nil }
        var at: Int?
        for (index, byte) in bytes[..<dot].enumerated() {
            if byte == UInt8(ascii: "@") {
                if at == nil { at = index }
            } else if !UnitName.isValid(byte) {
                return nil
            }
        }
        guard at != 0 else { return nil }
        self.text = text
        self.type = type
        prefix = String(decoding: bytes[..<(at ?? dot)], as: UTF8.self)
        instance = at.map { String(decoding: bytes[($0 + 1)..<dot], as: UTF8.self) }
    }

    /// Whether the name is `prefix@.type`.
    public var isTemplate: Bool { instance?.isEmpty == true }

    /// Whether the name is `prefix@instance.type`.
    public var isInstance: Bool { instance?.isEmpty == false }

    /// The template that an instance is made from, or nil when this is no instance.
    public var template: UnitName? {
        isInstance ? UnitName(prefix + "@." + type.rawValue) : nil
    }

    /// This template with `instance` filled in, or nil when that is not a valid name.
    public func instantiated(_ instance: String) -> UnitName? {
        isTemplate ? UnitName(prefix + "@" + instance + "." + type.rawValue) : nil
    }

    /// Whether a symlink of this name may point to a unit file named `target`.
    public func mayAlias(_ target: UnitName) -> Bool {
        guard type == target.type else { return false }
        guard let instance else { return target.instance == nil }
        if isTemplate { return target.isTemplate }
        return target.isTemplate || target.instance == instance
    }

    /// The names whose `.d`, `.wants` and `.requires` directories belong to this unit, the most specific first.
    ///
    /// They are the name itself, its template, and the names cut behind each dash of the prefix.
    public var directoryNames: [String] {
        var result: [String] = []
        var seen: Set<String> = []
        var pending: [UnitName] = [self]
        while let name = pending.popLast(), result.count < 512 {
            guard seen.insert(name.text).inserted else { continue }
            result.append(name.text)
            if let shorter = name.cutAtDash { pending.append(shorter) }
            if let template = name.template { pending.append(template) }
        }
        return result
    }

    /// The name cut behind its last dash that is not the prefix's end; the instance stays, a template becomes plain.
    private var cutAtDash: UnitName? {
        var bytes = Array(prefix.utf8)
        if bytes.last == UInt8(ascii: "-") { bytes.removeLast() }
        guard let dash = bytes.lastIndex(of: UInt8(ascii: "-")), dash > 0 else { return nil }
        let cut = String(decoding: bytes[...dash], as: UTF8.self)
        guard cut != prefix else { return nil }
        if let instance, !instance.isEmpty { return UnitName(cut + "@" + instance + "." + type.rawValue) }
        return UnitName(cut + "." + type.rawValue)
    }

    private static func isValid(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "\\"):
            true
        default: false
        }
    }
}
