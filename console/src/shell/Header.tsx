/** Where am I, who am I, what is new. */
import { Link, useLocation } from 'wouter';
import type { Person } from '../api/contract';
import { Bell } from '../inbox/Bell';
import { useSession } from '../session/SessionContext';
import { ROLE_ONE } from '../words/labels';
import { Mark, SignOutIcon } from './icons';

export function Header({ me, maySend }: { me: Person; maySend: boolean }) {
  const { signOut } = useSession();
  return (
    <header className="header">
      <div className="header__inner">
        <Link className="header__home" href="/">
          <Mark className="header__mark" />
          <span className="header__org">{me.organization.name}</span>
        </Link>
        {/* Who cannot send has one page only. */}
        {maySend && (
          <nav className="nav" aria-label="Main">
            <NavLink href="/notifications">Notifications</NavLink>
            <NavLink href="/compose">Compose</NavLink>
            <NavLink href="/inbox">Inbox</NavLink>
          </nav>
        )}
        <div className="header__me">
          <Bell />
          <p className="header__person">
            <span className="header__name">{me.profile.name}</span>
            <span className="header__role">{ROLE_ONE[me.profile.role] ?? me.profile.role}</span>
          </p>
          <button className="button button--quiet button--icon" type="button" aria-label="Sign out" title="Sign out" onClick={() => signOut()}>
            <SignOutIcon />
          </button>
        </div>
      </div>
    </header>
  );
}

function NavLink({ href, children }: { href: string; children: string }) {
  const [path] = useLocation();
  const here = path === href || path.startsWith(`${href}/`);
  return (
    <Link className="nav__link" href={href} aria-current={here ? 'page' : undefined}>
      {children}
    </Link>
  );
}
