extension TrustEntry {
    /// Whether the certificate is trusted for a purpose, and why.
    ///
    /// `Purpose.any` asks whether it is trusted for every purpose.
    public func decision(for purpose: Purpose) -> TrustDecision {
        switch standing {
        case .distrusted:
            return distrust ?? TrustDecision(isTrusted: false, rule: .distrustedCertificate, because: origins)
        case .neutral:
            guard anchorOrigins.isEmpty else {
                return TrustDecision(isTrusted: false, rule: .notAuthority, because: anchorOrigins)
            }
            return TrustDecision(isTrusted: false, rule: .neutral, because: origins)
        case .anchor: break
        }
        guard isAuthority else { return TrustDecision(isTrusted: false, rule: .notAuthority, because: anchorOrigins) }
        if isRejected(purpose) {
            return TrustDecision(isTrusted: false, rule: .purposeRejected, because: rejectOrigins)
        }
        if let attachedUsage {
            let isTrusted = attachedUsage.allow(purpose)
            return TrustDecision(
                isTrusted: isTrusted, rule: isTrusted ? .attachedUsage : .notInAttachedUsage, because: usageOrigins)
        }
        if let ownUsage {
            let isTrusted = ownUsage.allow(purpose)
            return TrustDecision(
                isTrusted: isTrusted, rule: isTrusted ? .ownUsage : .notInOwnUsage, because: anchorOrigins)
        }
        return TrustDecision(isTrusted: true, rule: .anchorForAll, because: anchorOrigins)
    }

    private func isRejected(_ purpose: Purpose) -> Bool {
        switch rules {
        case .assay: purpose == .any ? !rejectedUsage.isEmpty : rejectedUsage.allow(purpose)
        case .p11Kit: false
        }
    }
}

extension [Purpose] {
    /// Whether the purpose is in the list, or every purpose is.
    fileprivate func allow(_ purpose: Purpose) -> Bool { contains { $0 == purpose || $0 == .any } }
}
