/// What came of asking the kernel for its packet filter.
public enum NetfilterAnswer<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The kernel answered.
    case value(Value)
    /// The caller may not ask: it needs CAP_NET_ADMIN in the user namespace of its network namespace.
    case denied
    /// This kernel does not have the subsystem, or its module is not loaded; with the system's words for the error.
    case unsupported(String)
    /// It could not be read for another reason: time, size, or rules that kept changing.
    case failed(String)

    /// Sorts an error number, which is positive.
    static func refused(_ number: Int32, _ words: String) -> NetfilterAnswer {
        switch number {
        case Errno.notPermitted, Errno.accessDenied: .denied
        case Errno.protocolNotSupported, Errno.familyNotSupported, Errno.operationNotSupported,
            Errno.noProtocolOption, Errno.noSuchEntry, Errno.invalid:
            .unsupported("\(words) (error \(number))")
        case Errno.again: .failed("no answer in time")
        default: .failed("\(words) (error \(number))")
        }
    }
}

/// The error numbers of Linux that are told apart; asm-generic/errno.h, the same on x86-64 and arm64.
enum Errno {
    static let notPermitted: Int32 = 1
    static let noSuchEntry: Int32 = 2
    static let again: Int32 = 11
    static let accessDenied: Int32 = 13
    static let invalid: Int32 = 22
    static let noProtocolOption: Int32 = 92
    static let protocolNotSupported: Int32 = 93
    static let operationNotSupported: Int32 = 95
    static let familyNotSupported: Int32 = 97
}
