/* The two rules that suspect a fork (services/order.py, ADR 32): one device key, whose store may be put back or copied.
   An honest store is never suspected, whatever the network loses, delays, doubles and reorders; two histories that
   both go on are. A request of a lost store that is heard after the next one used its number looks like a fork too:
   that costs a new key, and is left out here (DAMAGE).
   Network = every request ever sent, heard once each (idempotency), whenever, or never. */
#ifndef R
#define R 5          /* requests that may be lost, or heard late */
#endif
#define L 16         /* sequences */
bool live[2]; byte cnt[2], hd[2], open_[2];     /* counter, newest answer, request that is waited for */
byte ns=0; byte sq[R+1], ak[R+1], an[R+1]; bool no[R+1]; /* requests; answer, refused */
byte n=0, last=0, acked=0, ackby=0; bool used[L]; bool suspected=0;
byte quiet=0; bool copied=0, dmg=0; byte rest_[2];
bool xu;

#ifdef LATE_TOO
#define C_LATER(s) (1)
#else
#define C_LATER(s) ((s)>ackby)
#endif
#define RULE_B(a,s) ((a)>0 && (a)<acked && C_LATER(s))
inline suspect() { assert(copied); suspected=1 }
inline order(s,a) { /* xu: refused */
  n++; xu=used[s];
  if
#ifdef NO_A
  :: xu
#else
#ifdef ANEW_TOO
  :: xu -> suspect()
#else
  :: xu -> if :: a>0 -> suspect() :: else fi
#endif
#endif
  :: else ->
     if :: RULE_B(a,s) -> suspect() :: else fi;
     used[s]=1; if :: s>last -> last=s :: else fi; if :: a>acked -> acked=a; ackby=s :: else fi
  fi }
inline store(h) {
  if
  :: d_step { !quiet && live[h] && ns<R && cnt[h]<8 -> ns++; cnt[h]++; sq[ns]=cnt[h]; ak[ns]=hd[h]; open_[h]=ns }
  :: d_step { live[h] && open_[h] && an[open_[h]] ->
       if :: an[open_[h]]>hd[h] -> hd[h]=an[open_[h]] :: else fi;
       if :: no[open_[h]] && last>cnt[h] -> cnt[h]=last :: else fi; open_[h]=0 }
  /* at rest each history that lives checks in, and again */
  :: d_step { quiet && live[h] && !open_[h] && rest_[h]<3 && rest_[h]<=rest_[1-h]+(live[1-h] -> 1 : 3) && cnt[h]<L-1 ->
       cnt[h]++; order(cnt[h],hd[h]); hd[h]=n; rest_[h]++; if :: xu && last>cnt[h] -> cnt[h]=last :: else fi; xu=0 }
#ifdef DAMAGE
  :: d_step { !quiet && live[h] && !dmg && !copied && (ns<1 || an[1]) && (ns<2 || an[2]) && (ns<3 || an[3]) && (ns<4 || an[4]) && (ns<5 || an[5]) -> dmg=1; cnt[h]=0; hd[h]=0; open_[h]=0 }
#endif
  fi }
inline server(r) {
  if
  :: d_step { r<=ns && an[r]==0 -> order(sq[r],ak[r]); an[r]=n; no[r]=xu; xu=0 }
#ifdef DOUBLED
  :: d_step { r<=ns && an[r] && !no[r] && !dmg -> dmg=1; order(sq[r],ak[r]); xu=0 }   /* its double counts as another */
#endif
  fi }
active proctype world() {
 live[0]=1;
 do
 :: d_step { !quiet -> quiet=1 }
 :: store(0)
 :: store(1)
 :: server(1)
 :: server(2)
 :: server(3)
 :: server(4)
 :: server(5)
#if R>5
 :: server(6)
#endif
#ifdef COPY
 :: d_step { !quiet && !copied && hd[0] -> copied=1; live[1]=1; cnt[1]=cnt[0]; hd[1]=hd[0]; open_[1]=open_[0] }
#endif
 :: timeout ->
    assert(!copied || suspected);
    break
 od
}
