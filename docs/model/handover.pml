/* Key renewal with handover (forks) and withdraw: protocol.md §3 to §5, ADR 32.  One license; machine 0, whose home
   can be copied or put back over machine 1 at any moment; without that, machine 1 is another device.
   Network = every request ever journaled: the server hears each once (idempotency), whenever, or never; its answer
   can be read for ever.  One atomic guard = one durable step.  Check-ins are one step (heard or answer lost), or held
   back and heard late.  The two rules that suspect a fork have a model of their own (forks.pml): here the server
   suspects a key that two homes share at any moment, and with SPUR=1 (SPUR=2) machine 0's (1's), that nobody shares.
   A check-in is numbered between two requests: "c" is after request c and before request c+1. */
#ifndef R
#define R 4          /* requests, before the world comes to rest */
#endif
#ifndef Q
#define Q 3          /* and after it */
#endif
#define S 8
#define G 6          /* generations */
#define K 6          /* device keys */
#define C 4          /* cases */
#define EMPTY 0
#define PENDING 1
#define ACTIVE 2
#define RELU 3       /* tombstone+proof durable, no receipt yet */
#define RELD 4
#define FENCED 5
#define ACT 1        /* requests */
#define REL 2
#define WDR 3
#define LIC 1        /* answers */
#define CAS 2
#define RCT 3
#define TRU 4
#define LOW 5        /* used, covered, older than the binding: tells the last sequence */
#define REN 6        /* key renewal needed */
#define NO 7
#define BOUND 1      /* bindings */
#define REBOUND 2
#define MOVED 3
#define FREED 4
#define TAKEN 5      /* withdrawn */
#define OTHER 1      /* cases: bound elsewhere, right missing; all later ones are FORK */
#define HEIRS 2      /* an heir asks, or a holder whose former key lives */
#define LIVES 3      /* its former key runs on; ce = its generation */
#define PROOF 4      /* a proof that may be a copy's; ce = its code */
#define OPEN 1
#define APP 2
#define DECL 3
#define OVER 4       /* cancelled */
#define SPENT 5
/* machines: home and store (durable) */
byte id[2], su[2];   /* identity, successor beside it */
byte a[2], ag[2], hwm[2], cnt[2], op_[2], cs[2], kc[2], hd[2]; /* standing, generation, mark, sequence, open request, case, code, newest answer */
bool rw[2], asked[2]; /* told to renew; has asked, and rests */
byte fb[2];
byte nk=2; byte paper[K+1]; /* keys drawn; who handed over to a key: a paper is kept for ever */
/* requests and answers */
byte ns=0; byte op[S], key[S], fo[S], gn[S], sq[S], ak[S], cd[S], nm[S], an[S], av[S], at[S], hn[S]; bool ok[S], df[S]; /* of a proof: when it was answered; what it heard since it was first signed */
/* server (durable) */
byte sgen=0, sdev=0, last=0, code=0, n=0; /* sdev: who holds it; n: answers given */
byte bk[G+1], bs[G+1], bt[G+1], iu[G+1], bx[G+1], ba[G+1]; /* of each binding: key, sequence, state, shown in use, answer, newest answer known */
byte rn[K+1], cov[K+1], ls[K+1], fk[K+1]; bool mr[K+1], old[K+1];
byte nc=0; byte cv[C+1], cg[C+1], ck[C+1], ct[C+1], ce[C+1], cm[C+1]; bool cp[C+1]; /* cp: people decided it; cm: the proof that met this contest */
/* one check-in that the network holds back */
byte lk=0, lg, lc, lh;
/* budgets and ghosts */
bool quiet=0, copied=0, month=0, over=0, spur=0, dmg=0, crashed=0, staffed=0, gave[2]; byte vol[2];
byte fr[2];          /* at rest: check-ins since anything changed */
bool seen[2];        /* its document was shown in use, in the holding that stands */
bool voided[K+1];      /* people decided against this heir */
byte wcode, wlast;   /* the right before the standing binding */
byte rq, i, x, xo, xa, xv, xb, xc, xt, xn, xk, xw, xh;

#define MINE(m,k) ((k) && ((k)==id[m] || (k)==su[m]))
#define USABLE(m) (a[m]==ACTIVE && ag[m]>hwm[m])
#define HEIR(k,h) ((h) && (h)!=(k) && (rn[k]==(h) || rn[rn[k]]==(h) || rn[rn[rn[k]]]==(h)))
#define HOLDS(m) (a[m]==ACTIVE)
#define ROOM (ns < (quiet -> R+Q : R))
#define NEW(r) ((r)<=ns && an[r]==0)
#define WAITS(c) (ct[c]==OPEN || ct[c]==APP)
#define UNDECIDED ((nc>0 && WAITS(1) && cg[1]==sgen) || (nc>1 && WAITS(2) && cg[2]==sgen) || (nc>2 && WAITS(3) && cg[3]==sgen) || (nc>3 && WAITS(4) && cg[4]==sgen))
#define CLEAN i=0; x=0; xo=0; xa=0; xv=0; xb=0; xc=0; xt=0; xn=0; xk=0; xw=0; xh=0
#define CHANGED fr[0]=0; fr[1]=0
#ifdef ELSEWHERE     /* the machine that tells otherwise than it was enrolled */
#define DIFFERS(m) ((m)==ELSEWHERE)
#else
#define DIFFERS(m) (0)
#endif

#ifdef TWO_HEIRS
#define C_NAMED(f,h) (1)
#define C_HOLDER(f) (1)
#else
#define C_NAMED(f,h) (rn[f]==0 || rn[f]==(h))
#define C_HOLDER(f) (xn==0 || xn==(f))
#endif
#ifdef NAMES_NOTHING
#define C_MADE(r) (1)
#else
#define C_MADE(r) (nm[r] && an[nm[r]]==LIC && av[nm[r]]==sgen)
#endif
/* a proof and a newer generation than its own: it names the request that was given it, or its store heard of later */
#ifdef NUMBER_ALONE
#define C_KNOWS(r) (1)
#else
#define C_KNOWS(r) (C_MADE(r) || (ak[r]>>1)>=bx[sgen] || hn[r]>=bx[sgen])
#endif
#ifdef NO_HOLD
#define C_HOLD 0
#else
#define C_HOLD 1
#endif
/* Whose proof is it? The home that renewed and lost the answer heard nothing later than what it knew when it asked. */
#ifdef TAKEN_FOR_THE_OTHER
#define C_GIVES_UP(r) (1)
#define C_COVERED (!xc)
#else
#define C_GIVES_UP(r) ((ak[r]>>1)>=bx[sgen])
#define C_COVERED (1)
#endif
#ifdef FREES_SHOWN
#define C_SHOWN 0
#else
#define C_SHOWN 1
#endif

#ifdef FORMER_STANDS
#define C_ANEW 0
#else
#define C_ANEW 1
#endif
/* steps.follow_up, journaling: an approved case is taken up, under the next key where one is due, though it is the former's */
#define TAKESUP(m) (cs[m] && ct[cs[m]]==APP && cg[cs[m]]==sgen && !(HOLDS(m) && TO_FREE(cs[m])) && MINE(m,cv[cs[m]]))
/* binding._without_proof, cases.summaries: an approval to free gives nobody the license, and no home that runs is told of it */
#ifdef BINDS_BY_PROOF
#define TO_FREE(c) (0)
#else
#define TO_FREE(c) ((c) && ck[c]==PROOF)
#endif

/* ---- server ---- */
inline live(k) { /* xo, xa: the open case, the approval of this key; xv: another was approved */
  xo=0; xa=0; xv=0; i=1;
  do
  :: i<=nc -> 
     if
     :: ct[i]==OPEN && cg[i]==sgen && cv[i]==k -> xo=i
     :: ct[i]==APP && cg[i]==sgen && cv[i]==k -> xa=i
     :: ct[i]==APP && cg[i]==sgen && cv[i]!=k -> xv=1
     :: else
     fi; i++
  :: else -> break
  od }
inline contested(h) { /* a former key of this one was seen to live on, and its case is not over */
  xc=0; i=1;
  do
  :: i<=nc -> if :: ck[i]>OTHER && cg[i]==sgen && WAITS(i) && cv[i]!=h && HEIR(cv[i],h) -> xc=1 :: else fi; i++
  :: else -> break
  od }
inline contest(k) { /* xk: the case that waits because this former key runs on beside its heir */
  xk=0; i=1; do :: i<=nc -> if :: ck[i]==LIVES && cg[i]==sgen && WAITS(i) && cv[i]==k -> xk=i :: else fi; i++ :: else -> break od }
inline ensure(k,kind,ev) { /* x: the case. release._needs_case: a proof takes its key's open case's place, and leaves what is approved */
  live(k);
  if
  :: kind!=PROOF && xo -> x=xo
  :: kind!=PROOF && !xo && xa && !TO_FREE(xa) -> x=xa
  :: else ->
     i=1; do :: i<=nc -> if :: ct[i]==OPEN && cv[i]==k -> ct[i]=OVER :: else fi; i++ :: else -> break od;
     if :: nc<C -> nc++; x=nc; cv[x]=k; cg[x]=sgen; ck[x]=kind; ct[x]=OPEN; ce[x]=ev :: else -> over=1; x=0 fi
  fi }
inline contend(k,g) { /* contests.open_contest: an open case of this key becomes it, and an approval that was not used is over */
#ifdef CASE_STANDS
  ensure(k,LIVES,g)
#else
  live(k); xb=(xa && ck[xa]==PROOF -> ce[xa] : 0); i=1;
  do   /* nor does any other approval count any more, and nobody takes up what a next key of this one waits for */
  :: i<=nc -> if :: cg[i]==sgen && (ct[i]==APP || (ct[i]==OPEN && cv[i]!=k && ck[i]==HEIRS && ce[i]==k)) -> ct[i]=OVER :: else fi; i++
  :: else -> break
  od; xa=0;
  if
  :: xo -> x=xo; cm[x]=(ck[xo]==PROOF -> ce[xo] : xb); ck[x]=LIVES; ce[x]=g
  :: else ->
     if :: nc<C -> nc++; x=nc; cv[x]=k; cg[x]=sgen; ck[x]=LIVES; ct[x]=OPEN; ce[x]=g; cm[x]=xb :: else -> over=1; x=0 fi
  fi
#endif
  ; assert(!x || ck[x]==LIVES)      /* who is certain to live beside its heir has a case that says so */ }
inline take_back(k,besides) {
  i=1; do :: i<=nc -> if :: WAITS(i) && cv[i]==k && i!=besides -> ct[i]=OVER; cp[i]=1 :: else fi; i++ :: else -> break od }
inline wishes(k) { /* forks.waits_as_it_is; xo: this key holds nothing and waits for the license: no contest, no proof */
  xo=0;
#ifndef RENEWS_WAITING
  i=1;
  do :: i<=nc -> if :: sdev!=k && cv[i]==k && cg[i]==sgen && WAITS(i) && (ck[i]==OTHER || ck[i]==HEIRS) -> xo=1 :: else fi; i++ :: else -> break od
#endif
  }
inline decide_anew(f) { /* binding._decide_anew: the holder's key is to be renewed, and its heir (xh) gets a case; a proof stays */
  if
  :: xh && sdev==f && mr[f] && C_ANEW ->
     i=1; do :: i<=nc -> if :: cv[i]==f && cg[i]==sgen && WAITS(i) && ck[i]!=PROOF -> ct[i]=OVER :: else fi; i++ :: else -> break od
  :: else
  fi }
inline heirship(f,k) { /* xh: does this handover count? (rights.is_heir, forks.may_hand_over) */
  xn = (sdev -> sdev : last); xh=0;
  if
  :: f && C_HOLDER(f) && C_NAMED(f,k) && rn[k]==0 -> xh=1;
#ifndef COUNTS_TWICE
     i=1; do :: i<=sgen -> if :: bk[i]==k -> xh=0 :: else fi; i++ :: else -> break od;
#endif
     i=1; do :: i<=K -> if :: i!=f && rn[i]==k -> xh=0 :: else fi; i++ :: else -> break od
  :: else
  fi }
inline bind(r,k,appr) {
  assert(!(xh && voided[k]));             /* an old handover takes nothing back after a decision */
  assert(!(appr) || ck[appr]!=PROOF);     /* what was approved to be freed is not bound by that */
  wcode=code; wlast=last;
  if :: xh -> mr[fo[r]]=0; rn[fo[r]]=k; fk[k]=fk[fo[r]]; old[fo[r]]=0 :: else fi;
  if
  :: appr -> if :: sdev!=k -> seen[0]=0; seen[1]=0 :: else fi; i=1; do :: i<=K -> if :: HEIR(k,i) -> voided[i]=1 :: else fi; i++ :: else -> break od; rn[k]=0; ct[appr]=SPENT
  :: else
  fi;
  if :: sdev -> bt[sgen]=(sdev==k -> REBOUND : MOVED); if :: sdev!=k -> code=0; wcode=0 :: else fi :: else fi;
  i=1;   /* cases.settle, cases.outdate; binding._bind: an approval to free what ends here is over, too */
  do
  :: i<=nc ->
     if
     :: ct[i]==OPEN && cg[i]==sgen -> ct[i]=OVER
     :: ct[i]==APP && cg[i]==sgen && cv[i]==k -> ct[i]=(TO_FREE(i) -> OVER : SPENT)
     :: else
     fi; i++
  :: else -> break
  od;
  if
  :: sgen<G -> sgen++; sdev=k; last=k; bk[sgen]=k; bs[sgen]=sq[r]; bt[sgen]=BOUND; bx[sgen]=n; ba[sgen]=ak[r]; an[r]=LIC; av[r]=sgen
  :: else -> over=1; an[r]=NO
  fi }
inline to_case(r,k,kind,ev) { ensure(k,kind,ev); an[r]=CAS; av[r]=x }
inline suspect(k) { mr[k]=1; if :: fk[k]<2 -> fk[k]++ :: else fi }
inline ordered(r,k) { /* xb: refused */
  xb=0; i=1;
  do
  :: i<=ns -> if :: i!=r && key[i]==k && ok[i] && sq[i]==sq[r] -> xb=1; if :: ak[r] && !mr[k] -> suspect(k) :: else fi :: else fi; i++
  :: else -> break
  od;
  if :: op[r]!=REL && sq[r]<=cov[k] -> xb=1 :: else fi;
  if :: xb -> an[r]=LOW; av[r]=ls[k] :: else fi }
inline activate(r,k,f) {
  ordered(r,k);
  if
  :: xb
  :: else ->
     contest(k); live(k); xw=(TO_FREE(xa) -> 0 : xa); xt=xv; heirship(f,k); contested(sdev); wishes(k);
     if
     :: xk && gn[r]!=ce[xk] -> if :: !mr[k] -> suspect(k) :: else fi; an[r]=REN   /* another home of its key */
     :: !(xk && gn[r]!=ce[xk]) && mr[k] && !(rn[k] && xw && nm[r]==xw && ck[xw]==LIVES) && !xo -> an[r]=REN
     :: else ->
        if
        :: sdev==k && bs[sgen]>sq[r] -> an[r]=LOW; av[r]=ls[k]
        :: sdev!=k && xh && sq[r]<=cov[f] -> an[r]=LOW; av[r]=ls[f]
        :: else ->
           if
           :: xw && nm[r]==xw -> bind(r,k,xw)
           :: else ->
              if
              :: cd[r] && xn && k!=xn && k!=last && !xh && cd[r]!=code -> an[r]=NO
              :: else ->
                 xn=0;                      /* the kind of case that people get (rights.decide) */
                 if
                 :: xt && xh -> xn=HEIRS
                 :: xt && !xh -> xn=OTHER
                 :: !xt && !sdev && (!last || k==last || xh || cd[r]) -> bind(r,k,0)
                 :: !xt && !sdev && !(!last || k==last || xh || cd[r]) -> xn=OTHER
#ifdef REBINDS_CONTESTED
                 :: !xt && sdev && sdev==k -> bind(r,k,0)
                 :: !xt && sdev && sdev!=k && xh && xc -> xn=HEIRS
#else
                 :: !xt && sdev && (sdev==k || xh) && xc -> xn=HEIRS
                 :: !xt && sdev && sdev==k && !xc && !df[r] -> bind(r,k,0)
                 :: !xt && sdev && sdev==k && !xc && df[r] -> xn=OTHER
#endif
                 :: !xt && sdev && sdev!=k && xh && !xc && (fk[f]>1 || df[r]) -> xn=HEIRS
                 :: !xt && sdev && sdev!=k && xh && !xc && fk[f]<=1 && !df[r] -> bind(r,k,0)
                 :: !xt && sdev && sdev!=k && !xh && f && (sdev==f || HEIR(f,sdev)) -> xn=HEIRS
                 :: !xt && sdev && sdev!=k && !xh && !(f && (sdev==f || HEIR(f,sdev))) -> xn=OTHER
                 fi;
                 if :: xn -> decide_anew(f); xb=(xn==HEIRS -> f : 0); to_case(r,k,xn,xb) :: else fi
              fi
           fi
        fi
     fi
  fi }
inline release(r,k) {
  ordered(r,k);
  if
  :: xb
  :: else ->
     contested(sdev); xb=0;         /* xb: the binding that this proof covers */
     if
     :: sdev==k && sdev -> xb=sgen
#ifndef FORGETS_HEIR
     :: sdev && HEIR(k,sdev) && bs[sgen]<sq[r] && C_COVERED ->
        xb=sgen; i=1; do :: i<=sgen -> if :: bk[i]==sdev && iu[i] -> xb=0 :: else fi; i++ :: else -> break od
#endif
     :: else
     fi;
     contest(k);
     if :: xk && xb && C_GIVES_UP(r) -> xb=0 :: else fi;
     if
     :: xb && gn[r]!=sgen && (bs[sgen]>=sq[r] || !C_KNOWS(r)) -> an[r]=LOW; av[r]=ls[k]
     :: xb && xk && ct[xk]==OPEN -> cm[xk]=cd[r]; an[r]=CAS; av[r]=xk   /* people decide between the homes first */
     :: else ->
        xt=0; xw=0; i=1;            /* xt: the case this proof met; xw: contradicted */
        do :: i<=nc -> if :: ck[i]==PROOF && cv[i]==k && ce[i]==cd[r] -> xt=i :: else fi; i++ :: else -> break od;
        i=1; do :: i<=nc -> if :: ck[i]==LIVES && cv[i]==k && cm[i]==cd[r] -> xw=1 :: else fi; i++ :: else -> break od;
        live(k);
        if :: xk && xa==xk -> xa=0 :: else fi;
        contested(sdev);
        if :: mr[k] -> xw=1 :: else fi;
#ifndef FREES_CONTESTED
        if :: xc -> xw=1 :: else fi;
#endif
        i=gn[r]; do :: i<=sgen -> if :: bk[i]==sdev && iu[i]>sq[r] -> xw=1 :: else fi; i++ :: else -> break od;
        if :: xb && sdev!=k && ba[sgen]!=ak[r] -> xw=1 :: else fi;
        xn=0; i=1;                  /* xn: people decided for a home of this key since this generation */
        do :: i<=nc -> if :: ck[i]==LIVES && cv[i]==k && ct[i]==SPENT && ce[i]>=gn[r] -> xn=1 :: else fi; i++ :: else -> break od;
#ifndef FREES_DECIDED
        if :: xn && !C_MADE(r) -> xw=1 :: else fi;   /* release._is_of_before_a_decision */
#endif
        if
        :: xb && xt && ct[xt]!=APP && !(cg[xt]!=sgen || (ct[xt]>=DECL && !xo)) -> an[r]=CAS; av[r]=xt
        :: xb && ((xt && (cg[xt]!=sgen || (ct[xt]>=DECL && !xo))) || (!xt && xw)) -> to_case(r,k,PROOF,cd[r])
        :: xb && ((xt && ct[xt]==APP && cg[xt]==sgen) || (!xt && !xw)) ->
           /* what people gave to one home is freed by no other one's proof that nobody approved */
           assert(xt || !xn || !((USABLE(0) && ag[0]==sgen) || (USABLE(1) && ag[1]==sgen)));
           bt[sgen]=FREED; seen[0]=0; seen[1]=0; code=cd[r]; last=sdev; sdev=0;
           if :: xo -> ct[xo]=OVER :: else fi; if :: xa -> ct[xa]=SPENT :: else fi;
           if :: sq[r]>cov[k] -> cov[k]=sq[r] :: else fi; an[r]=RCT; av[r]=sgen
        :: !xb ->
           xw=0; i=1; do :: i<=sgen -> if :: bk[i]==k && iu[i]>sq[r]+1 -> xw=1 :: else fi; i++ :: else -> break od;
           if :: rn[k] && !xw && !(sdev && xk && !C_GIVES_UP(r)) -> take_back(k,0) :: else fi;
           if :: sq[r]>cov[k] -> cov[k]=sq[r] :: else fi; an[r]=RCT; av[r]=gn[r]
        fi
     fi
  fi }
inline withdraw(r,k) {
  ordered(r,k);
  if
  :: xb
  :: else ->
     contest(k); if :: xk && C_GIVES_UP(r) -> gave[ak[r]&1]=1; xk=0 :: else fi;   /* who contests takes it back, and nobody else; a proof's rule */
     take_back(k,xk);
     xb=0; xw=0; i=1;               /* xb: the newest ended binding; xw: held */
     do :: i<=sgen -> if :: bt[i]>REBOUND -> xb=i :: else fi; i++ :: else -> break od;
#ifndef HEIR_FREES
     if :: xb && bt[xb]==MOVED && HEIR(bk[xb],k) -> xw=1 :: else fi;
#endif
     i=xb+1; do :: i<=sgen -> if :: iu[i] && C_SHOWN -> xw=1 :: else fi; i++ :: else -> break od;
     if
     :: sdev==k && sdev && bs[sgen]<sq[r] && gn[r]==0 && C_MADE(r) && !xw ->
        /* what is freed is run by nobody who was seen to run it */
        assert(!(USABLE(0) && seen[0]) && !(USABLE(1) && seen[1]));
        bt[sgen]=TAKEN; sdev=0;
#ifdef KEEPS_CODE
        code=0;
#endif
        xt=0; i=1; do :: i<=sgen -> if :: bt[i]==FREED || bt[i]==MOVED -> xt=1 :: else fi; i++ :: else -> break od;
        i=1; do :: i<=nc -> if :: cv[i]!=k -> xt=1 :: else fi; i++ :: else -> break od;
        if :: !xt -> last=0 :: else fi;
        assert(code==wcode && (last==k || last==0))  /* with the right it had before */
     :: else
     fi;
     if :: sq[r]>cov[k] -> cov[k]=sq[r] :: else fi;
     an[r]=TRU; av[r]=sgen
  fi }
inline server(r) {
  n++;
  if
  :: op[r]==ACT -> activate(r,key[r],fo[r])
  :: op[r]==REL -> at[r]=n; release(r,key[r])
  :: op[r]==WDR -> withdraw(r,key[r])
  fi;
  if :: an[r]<LOW -> ok[r]=1; if :: sq[r]>ls[key[r]] -> ls[key[r]]=sq[r] :: else fi :: else fi; CHANGED; checkI2(); CLEAN }
/* what the server does with a check-in: xh held, xo hold (runs on), x a case */
inline hear(k,g,c,h,d) {
  xh=(sdev==k && sgen==g); xt=0; x=0;
  if :: bk[g]==k && iu[g]<c+1 -> iu[g]=c+1 :: else fi;
  if
  :: !xh && C_HOLD && rn[k] && sdev && HEIR(k,sdev) && bk[g]==k && bt[g]==MOVED ->
     xb=0; i=g+1; do :: i<=sgen -> if :: bk[i]==k && bt[i]==MOVED -> xb=1 :: else fi; i++ :: else -> break od;
     xw=0; i=1; do :: i<=nc -> if :: ck[i]==LIVES && cv[i]==k && ce[i]==g -> xw=i :: else fi; i++ :: else -> break od;
     if
     :: xb
     :: !xb && xw -> xt=(WAITS(xw) || ct[xw]==SPENT)
     :: !xb && !xw && !old[k] && !(d) -> xt=1;
        xb=g+1; do :: xb<sgen && bk[xb]!=rn[k] -> xb++ :: else -> break od;
        if :: h>>1 >= bx[xb] -> contend(k,g) :: else fi
     :: else
     fi
  :: else
  fi }
/* ---- machines ---- */
inline checkI2() {
#ifndef COPY
  /* nothing was copied and nobody decided: never two, and what runs is what the server holds */
  if
  :: !staffed -> assert(USABLE(0)+USABLE(1)<=1);
     assert(!USABLE(0) || (MINE(0,sdev) && sgen>=ag[0])); assert(!USABLE(1) || (MINE(1,sdev) && sgen>=ag[1]))
  :: else
  fi;
#endif
  skip }
inline journal(m,o,k,f,g,c,z) { /* z: names a case, or the request that is taken back */
  ns++; op[ns]=o; key[ns]=k; fo[ns]=f; gn[ns]=g; cd[ns]=c; nm[ns]=z; ak[ns]=hd[m];
  cnt[m]++; sq[ns]=cnt[m]; op_[m]=ns; df[ns]=DIFFERS(m); CHANGED }
inline ask(m,z) {
  if :: !HOLDS(m) && a[m]!=PENDING -> fb[m]=a[m]; a[m]=PENDING :: else fi;
  if
  :: rw[m] -> asked[m]=1; paper[su[m]]=id[m]; journal(m,ACT,su[m],id[m],0,(HOLDS(m) -> 0 : kc[m]),z)
  :: else -> journal(m,ACT,id[m],0,0,(HOLDS(m) -> 0 : kc[m]),z)
  fi; gn[ns]=(HOLDS(m) -> ag[m] : 0) }   /* it shows the document */
inline back(m) { CHANGED; op_[m]=0; if :: a[m]==PENDING && !cs[m] -> a[m]=fb[m] :: else fi }
inline fence(m) {
  /* nobody is stopped while people have not decided, or who was seen to run beside another */
  xw=0; i=1; do :: i<=nc -> if :: ck[i]==LIVES && cv[i]==id[m] && ce[i]==ag[m] -> xw=i :: else fi; i++ :: else -> break od;
  assert(!xw || cp[xw] || staffed);
  assert(!(sdev && sdev!=id[m] && bt[ag[m]]==MOVED && copied) || staffed || gave[m] || old[id[m]] || DIFFERS(m));
  CHANGED; a[m]=FENCED; hwm[m]=ag[m]; rw[m]=0; cs[m]=0; asked[m]=0 }
inline agent(m) {
  if
  /* the administrator */
  :: d_step { !quiet && ROOM && op_[m]==0 && cs[m]==0 && !rw[m] && (a[m]==EMPTY || a[m]==RELD || a[m]==FENCED) && paper[id[m]] -> 
       fb[m]=a[m]; a[m]=PENDING; journal(m,ACT,id[m],paper[id[m]],0,0,0); CLEAN }   /* with a paper that was kept */
  :: d_step { !quiet && ROOM && op_[m]==0 && cs[m]==0 && !rw[m] && (a[m]==EMPTY || a[m]==RELD || a[m]==FENCED) -> ask(m,0); CLEAN }
#ifdef RB
  :: d_step { !quiet && ROOM && op_[m]==0 && cs[m]==0 && !rw[m] && USABLE(m) -> ask(m,0); CLEAN }
#endif
#ifdef RELEASE
  :: d_step { !quiet && ROOM && USABLE(m) && (op_[m]==0 || op[op_[m]]==ACT) -> a[m]=RELU; hwm[m]=ag[m]; cs[m]=0; kc[m]=ns+1; journal(m,REL,id[m],0,ag[m],kc[m],op_[m]); CLEAN }
#endif
#ifdef WITHDRAW
  :: d_step { !quiet && ROOM && a[m]!=RELU && ((op_[m] && op[op_[m]]==ACT && !HOLDS(m)) || (op_[m]==0 && cs[m])) ->
       x=(HOLDS(m) -> ag[m] : 0); xk=(su[m] && rw[m] && asked[m] && (!HOLDS(m) || cs[m]) -> su[m] : id[m]);   /* renewal.withdraws_as_successor */
       journal(m,WDR,xk,0,x,0,op_[m]); CLEAN }
#endif
  /* by itself: the successor is durable, then speaks; a case that is decided; a proof that was not heard */
  :: d_step { rw[m] && !su[m] && op_[m]==0 && (TAKESUP(m) || (cs[m]==0 && !asked[m])) && a[m]!=RELU && !over ->
       if :: nk<K -> nk++; su[m]=nk; vol[m]=1 :: else -> over=1 fi; CLEAN }
  :: d_step { ROOM && rw[m] && su[m] && op_[m]==0 && cs[m]==0 && !asked[m] && (HOLDS(m) || a[m]==PENDING || !quiet) && a[m]!=RELU -> ask(m,0); CLEAN }
  :: d_step { ROOM && a[m]==PENDING && op_[m]==0 && cs[m]==0 && !rw[m] -> ask(m,0); CLEAN }
  :: d_step { ROOM && TAKESUP(m) && op_[m]==0 && a[m]!=RELU && (su[m] || !rw[m]) -> ask(m,cs[m]); CLEAN }
  :: d_step { cs[m] && op_[m]==0 && (ct[cs[m]]>=DECL || cg[cs[m]]!=sgen || (HOLDS(m) && ct[cs[m]]==APP && TO_FREE(cs[m]))) -> cs[m]=0; back(m); CLEAN }
  :: d_step { ROOM && a[m]==RELU && op_[m] && (an[op_[m]]==LOW || (an[op_[m]]==CAS && (ct[av[op_[m]]]==APP || (ct[av[op_[m]]]>=OVER && !UNDECIDED)))) ->
       if :: an[op_[m]]==LOW && av[op_[m]]>cnt[m] -> cnt[m]=av[op_[m]] :: else fi;
       cs[m]=0; x=op_[m]; journal(m,REL,key[x],0,gn[x],cd[x],nm[x]); hn[ns]=at[x]; CLEAN }
  /* the answer to the open request */
  :: d_step { op_[m] && an[op_[m]]==LIC ->
       x=op_[m]; xt=(HOLDS(m) -> ag[m] : hwm[m]);
       if :: hd[m]<bx[av[x]]*2+m -> hd[m]=bx[av[x]]*2+m :: else fi;
       if
       :: av[x]>xt && MINE(m,key[x]) && op[x]==ACT ->
          CHANGED; hwm[m]=xt; ag[m]=av[x]; a[m]=ACTIVE; seen[m]=0; op_[m]=0; cs[m]=0; rw[m]=0; asked[m]=0; kc[m]=0; vol[m]=0;
          if :: su[m]==key[x] -> id[m]=key[x]; su[m]=0 :: else fi
       :: else -> cs[m]=0; back(m)
       fi; checkI2(); CLEAN }
  :: d_step { op_[m] && an[op_[m]]==CAS && op[op_[m]]==ACT -> cs[m]=av[op_[m]]; op_[m]=0; CHANGED; CLEAN }
  :: d_step { op_[m] && a[m]!=RELU && an[op_[m]]==LOW && (op[op_[m]]!=WDR || ROOM) ->   /* the same wish, under the next sequence */
       x=op_[m]; if :: av[x]>cnt[m] -> cnt[m]=av[x] :: else fi;
       if :: op[x]==WDR -> journal(m,WDR,key[x],0,gn[x],0,nm[x]) :: else -> asked[m]=0; op_[m]=0; CHANGED fi; CLEAN }
  :: d_step { op_[m] && a[m]!=RELU && an[op_[m]]==NO -> kc[m]=0; asked[m]=0; cs[m]=0; back(m); CLEAN }
  :: d_step { op_[m] && an[op_[m]]==REN -> x=op_[m]; if :: su[m]==key[x] -> su[m]=0 :: else fi; rw[m]=1; asked[m]=0; op_[m]=0; CHANGED; CLEAN }
  :: d_step { a[m]==RELU && op_[m] && an[op_[m]]==RCT -> CHANGED; a[m]=RELD; if :: av[op_[m]]>hwm[m] -> hwm[m]=av[op_[m]] :: else fi; op_[m]=0; cs[m]=0; CLEAN }
  :: d_step { op_[m] && an[op_[m]]==TRU -> if :: !HOLDS(m) && av[op_[m]]>hwm[m] -> hwm[m]=av[op_[m]] :: else fi; cs[m]=0; back(m); CLEAN }
  /* check-in: heard, or its answer is lost, or held back by the network; an open request is sent, and heard, first */
  :: d_step { !quiet && HOLDS(m) && !over && op_[m]==0 && cnt[m]>=cov[id[m]] -> hear(id[m],ag[m],cnt[m],hd[m],DIFFERS(m)); CLEAN }
  :: d_step { HOLDS(m) && !over && op_[m]==0 && (!quiet || fr[m]<2) && cnt[m]>=cov[id[m]] ->
       hear(id[m],ag[m],cnt[m],hd[m],DIFFERS(m)); if :: quiet -> fr[m]++ :: else fi;
       hd[m]=n*2+m;
       if :: xh -> seen[m]=1 :: else fi;
       xw=(mr[id[m]] && !xt);   /* who runs on beside its heir cannot hand over again; `wishes` is of those that hold nothing, and here only holders check in */
       if :: rw[m]!=xw -> rw[m]=xw; if :: !rw[m] -> asked[m]=0 :: else fi; CHANGED :: else fi;
       if :: !cs[m] -> i=1; do :: i<=nc -> if :: ck[i]>OTHER && cv[i]==id[m] && WAITS(i) && cg[i]==sgen && !(ct[i]==APP && TO_FREE(i)) -> cs[m]=i :: else fi; i++ :: else -> break od :: else fi;
       if :: !xh && !xt && !(op_[m] && op[op_[m]]==ACT) -> fence(m) :: else fi; CLEAN }
#ifdef COPY
  /* a check-in that was refused tells the last sequence */
  :: d_step { HOLDS(m) && ls[id[m]]>cnt[m] && (!quiet || cnt[m]<cov[id[m]]) -> cnt[m]=ls[id[m]]; CHANGED }
#endif
#ifdef LATE
  :: d_step { !quiet && !lk && USABLE(m) -> lk=id[m]; lg=ag[m]; lc=cnt[m]; lh=hd[m]; CLEAN }
#endif
#ifdef DAMAGE
  /* the store is set aside, with its counter; the identity lies beside it */
  :: d_step { !quiet && !dmg && a[m]!=EMPTY -> dmg=1; a[m]=EMPTY; ag[m]=0; hwm[m]=0; cnt[m]=0; op_[m]=0; cs[m]=0; kc[m]=0; hd[m]=0; rw[m]=0; asked[m]=0; seen[m]=0; fb[m]=0; CLEAN }
#endif
#ifdef VOLATILE
  :: d_step { !crashed && vol[m] && su[m] -> crashed=1; su[m]=0; vol[m]=0; CLEAN }
#endif
  fi }
#define RESTS ((rw[0] && asked[0]) || (rw[1] && asked[1]))   /* its renewal was declined: asked again after a month */
#define RUNS(m) (USABLE(m) && id[m]==sdev && ag[m]==sgen)
#define MAYASK(m) ((a[m]==EMPTY || a[m]==RELD || a[m]==FENCED) && op_[m]==0)
#define ASKSAGAIN(m) (a[m]==RELU && an[op_[m]]==CAS && ct[av[op_[m]]]==DECL)   /* a declined proof: handed in anew on its user's wish */
#define USABLEBY(m,c) (MAYASK(m) && (su[m]==cv[c] || (!rw[m] && id[m]==cv[c])))
#define HASRIGHT(m) (MAYASK(m) && (MINE(m,last) || (kc[m] && kc[m]==code)))
active proctype world() {
  atomic {
   id[0]=1; id[1]=2;
#ifndef FRESH
   a[0]=ACTIVE; ag[0]=1; cnt[0]=1; hd[0]=2; seen[0]=1; n=1;
   sgen=1; sdev=1; last=1; bk[1]=1; bs[1]=1; bt[1]=BOUND; iu[1]=2; bx[1]=1; ls[1]=1;
#endif
   skip };
 do
 :: d_step { !quiet -> quiet=1; CLEAN }
 :: agent(0)
 :: agent(1)
 :: atomic { !over && (NEW(1) || NEW(2) || NEW(3) || NEW(4) || NEW(5) || NEW(6) || NEW(7)) ->
      if :: NEW(1) -> rq=1 :: NEW(2) -> rq=2 :: NEW(3) -> rq=3 :: NEW(4) -> rq=4 :: NEW(5) -> rq=5 :: NEW(6) -> rq=6 :: NEW(7) -> rq=7 fi;
      d_step { server(rq); rq=0 } }
#ifdef COPY
 :: d_step { !quiet && !copied && a[0]!=EMPTY && id[1]==2 && a[1]==EMPTY && cnt[1]==0 -> copied=1; id[1]=id[0]; su[1]=su[0]; a[1]=a[0]; ag[1]=ag[0]; hwm[1]=hwm[0]; cnt[1]=cnt[0];
      op_[1]=op_[0]; cs[1]=cs[0]; kc[1]=kc[0]; hd[1]=hd[0]; rw[1]=rw[0]; asked[1]=asked[0]; fb[1]=fb[0]; seen[1]=0; vol[1]=vol[0]; CHANGED; CLEAN }
 :: d_step { copied && id[0]==id[1] && !mr[id[0]] && (USABLE(0) || USABLE(1)) && (!quiet || (USABLE(0) && USABLE(1))) && fk[id[0]]<2 -> suspect(id[0]); CHANGED; CLEAN }
#endif
#ifdef SPUR
 :: d_step { !quiet && !spur && !mr[id[SPUR-1]] -> spur=1; suspect(id[SPUR-1]); CHANGED; CLEAN }
#endif
#ifdef LATE
 :: d_step { lk && lk<200 -> hear(lk,lg,lc,lh,0); lk=200; lg=0; lc=0; lh=0; CHANGED; CLEAN }
#endif
#ifdef STAFF
 :: d_step { nc>0 && ct[nc]==OPEN && cg[nc]==sgen -> ct[nc]=DECL; cp[nc]=1; staffed=1; CHANGED }
 :: d_step { nc>0 && ct[nc]==OPEN && cg[nc]==sgen -> live(0); if :: !xv -> ct[nc]=APP; cp[nc]=1; staffed=1 :: else fi; CHANGED; CLEAN }
 :: d_step { nc>1 && ct[1]==OPEN && cg[1]==sgen -> ct[1]=DECL; cp[1]=1; staffed=1; CHANGED }
 :: d_step { nc>1 && ct[1]==OPEN && cg[1]==sgen -> live(0); if :: !xv -> ct[1]=APP; cp[1]=1; staffed=1 :: else fi; CHANGED; CLEAN }
#endif
#ifdef MONTH
 :: d_step { !month -> month=1; i=1; do :: i<=K -> fk[i]=0; if :: rn[i] -> old[i]=1 :: else fi; i++ :: else -> break od; asked[0]=0; asked[1]=0; CHANGED; CLEAN }
#endif
 :: timeout ->
    if
    :: over || ns==R+Q              /* nothing is said of what ran out of paper */
    :: else ->
       assert(!(USABLE(0) && USABLE(1)) || UNDECIDED || RESTS);                 /* I2 */
       assert(!USABLE(0) || RUNS(0) || UNDECIDED || RESTS); assert(!USABLE(1) || RUNS(1) || UNDECIDED || RESTS);
       /* I1 nothing lost: it runs where it is bound, or that machine may ask for it, or people have it; free, it has its right */
       assert(!sdev || RUNS(0) || RUNS(1) || UNDECIDED || ASKSAGAIN(0) || ASKSAGAIN(1) || (MAYASK(0) && MINE(0,sdev)) || (MAYASK(1) && MINE(1,sdev)));
       assert(sdev || !last || UNDECIDED || HASRIGHT(0) || HASRIGHT(1));
#ifndef COPY
       /* I3: who is told that it gave the license back holds it under neither of its keys */
       assert(a[0]!=RELD || !MINE(0,sdev)); assert(a[1]!=RELD || !MINE(1,sdev));
#ifdef STAFF
       /* a single home uses what people approved for it, or may ask for it: nothing that nobody can use stands in the way */
       i=1; do :: i<=nc -> assert(ct[i]!=APP || cg[i]!=sgen || USABLEBY(0,i) || USABLEBY(1,i)); i++ :: else -> break od
#endif
#endif
       assert(a[0]!=RELU || an[op_[0]]==CAS); assert(a[1]!=RELU || an[op_[1]]==CAS)
    fi;
    break
 od
}
